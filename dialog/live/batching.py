"""Doing together what is already waiting: one transaction for a burst, and no timer to wait for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ..db import db
from ..errors import DialogError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Item, Outcome]):
    """Something that waits to be done and, later, what became of it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.outcome: Outcome | DialogError | None = None


class Together(Generic[Item, Outcome]):
    """Calls *act* with all that queued up, at most *most* at a time; it answers with one outcome for each.

    A ``DialogError`` among the outcomes is raised for the one that it belongs to.
    """

    def __init__(self, act: Callable[[list[Item]], Sequence[Outcome | DialogError]], most: int) -> None:
        self._act, self._most = act, most
        self._queue: deque[_Waiting[Item, Outcome]] = deque()
        self._lock: threading.Lock | None = None

    def do(self, item: Item) -> Outcome:
        """Have *item* done with the others; returns its outcome or raises why there is none."""
        if self._lock is None:
            self._lock = threading.Lock()  # at first use: the live process has patched threading by then
        mine: _Waiting[Item, Outcome] = _Waiting(item)
        self._queue.append(mine)
        db.session.rollback()  # a hall that waits must not hold a connection each
        time.sleep(0)  # whoever is ready gets into the queue first, and into the same transaction
        while mine.outcome is None:  # once, unless more than one transaction's worth is waiting before it
            with self._lock:
                if mine.outcome is None:
                    self._do([self._queue.popleft() for _ in range(min(len(self._queue), self._most))])
        if isinstance(mine.outcome, DialogError):
            raise mine.outcome
        return mine.outcome

    def _do(self, together: list[_Waiting[Item, Outcome]]) -> None:
        outcomes: Sequence[Outcome | DialogError] = [DialogError()] * len(together)
        try:
            outcomes = self._act([waiting.item for waiting in together])
        except DialogError as error:
            outcomes = [error] * len(together)
        finally:
            # Also when this green thread is ended in the middle: nobody may wait for an answer for ever.
            for waiting, outcome in zip(together, outcomes, strict=True):
                waiting.outcome = outcome
