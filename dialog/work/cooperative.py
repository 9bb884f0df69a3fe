"""Iterate over many items in the live process without starving other green threads.

Green threads switch only where one of them waits. A loop over ten thousand cards waits for nothing and would
delay every phone, so the iterator here yields to the others every millisecond.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

#: Seconds of work between two yields. A card waits for six of them until it is acknowledged.
SLICE = 0.001

T = TypeVar("T")


def cooperatively(items: Iterable[T]) -> Iterator[T]:
    """Yield *items* and let other green threads run every ``SLICE``. Never use it inside ``write()``."""
    until = time.monotonic() + SLICE
    for item in items:
        yield item
        if time.monotonic() > until:
            time.sleep(0)  # patched by eventlet and gevent; costs next to nothing elsewhere
            until = time.monotonic() + SLICE
