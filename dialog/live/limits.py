"""Rate limits: token buckets in the memory of this process.

Several processes count separately, which at worst multiplies a limit by their number.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

#: Buckets kept at most. The one that was used longest ago is dropped first: it is the likeliest to be full.
MAX_BUCKETS = 50_000


@dataclass
class RateLimiter:
    """A token bucket for each key: *burst* takes at once, then one every *seconds*."""

    burst: float
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[Hashable, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: Hashable, amount: float = 1) -> float:
        """Take *amount* and return 0 when there was enough, else the seconds until there is."""
        now = self.clock()
        left, then = self._buckets.pop(key, (self.burst, now))
        left = min(self.burst, left + (now - then) / self.seconds)
        wait = 0.0
        if left >= amount:
            left -= amount
        else:
            wait = (amount - left) * self.seconds
        self._buckets[key] = (left, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return wait

    def give_back(self, key: Hashable, amount: float = 1) -> None:
        """Undo a take, for a repeat costs nothing."""
        if key in self._buckets:
            left, then = self._buckets[key]
            self._buckets[key] = (min(self.burst, left + amount), then)


@dataclass
class WrongGuesses:
    """A count of wrong join codes for each address block, with a growing delay.

    The first *free* cost nothing, and a count is forgotten *forget_after* seconds after its last wrong code.
    A right code is never delayed.
    """

    free: int = 20
    forget_after: float = 900.0
    clock: Callable[[], float] = time.monotonic
    _counts: OrderedDict[Hashable, tuple[int, float]] = field(default_factory=OrderedDict)

    def count_wrong(self, key: Hashable) -> float:
        """Count a wrong code and return the seconds to wait before the next guess, 0 while they are free."""
        now = self.clock()
        count, then = self._counts.pop(key, (0, now))
        if now - then > self.forget_after:
            count = 0
        count += 1
        self._counts[key] = (count, now)
        if len(self._counts) > MAX_BUCKETS:
            self._counts.popitem(last=False)
        return 0.0 if count <= self.free else float(min(300, 2 ** min(8, (count - self.free + 3) // 4)))
