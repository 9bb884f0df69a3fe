"""Long loops in the process that also serves the hall.

Green threads take turns only where one waits. A loop over ten thousand cards waits for nothing, and every
phone would wait for it: so it lets the others in every millisecond.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

#: Seconds of work between two pauses. A card takes six rounds to its acknowledgement, each longer by this.
SLICE = 0.001

T = TypeVar("T")


def gently(items: Iterable[T]) -> Iterator[T]:
    """The same *items*, with a turn for everybody else now and then. Never inside ``write()``."""
    until = time.monotonic() + SLICE
    for item in items:
        yield item
        if time.monotonic() > until:
            time.sleep(0)  # patched by eventlet and gevent; elsewhere it costs next to nothing
            until = time.monotonic() + SLICE
