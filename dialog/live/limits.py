"""How fast one may be: token buckets, kept in the memory of this process.

Several processes each count for themselves, which at worst multiplies a limit by their number.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

#: Buckets kept at most; the oldest full one is the least interesting.
MOST_BUCKETS = 50_000


@dataclass
class Limit:
    """*burst* at once, then one every *seconds*."""

    burst: float
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[Hashable, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, who: Hashable, amount: float = 1) -> float:
        """Take *amount*; returns 0 when there was enough, else the seconds until there is."""
        now = self.clock()
        left, then = self._buckets.pop(who, (self.burst, now))
        left = min(self.burst, left + (now - then) / self.seconds)
        wait = 0.0
        if left >= amount:
            left -= amount
        else:
            wait = (amount - left) * self.seconds
        self._buckets[who] = (left, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return wait

    def give_back(self, who: Hashable, amount: float = 1) -> None:
        """Undo a take: a repeat costs nothing."""
        if who in self._buckets:
            left, then = self._buckets[who]
            self._buckets[who] = (min(self.burst, left + amount), then)


@dataclass
class WrongGuesses:
    """Counts wrong join codes for an address block, with growing delay; a right code is never held up."""

    free: int = 20
    forget_after: float = 900.0
    clock: Callable[[], float] = time.monotonic
    _counts: OrderedDict[Hashable, tuple[int, float]] = field(default_factory=OrderedDict)

    def wrong(self, who: Hashable) -> float:
        """Count one; returns the seconds to wait before the next guess (0 while guesses are still free)."""
        now = self.clock()
        count, then = self._counts.pop(who, (0, now))
        if now - then > self.forget_after:
            count = 0
        count += 1
        self._counts[who] = (count, now)
        if len(self._counts) > MOST_BUCKETS:
            self._counts.popitem(last=False)
        return 0.0 if count <= self.free else float(min(300, 2 ** min(8, (count - self.free + 3) // 4)))
