"""Batches: what is waiting at the same time is done in one transaction, without a timer to wait for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from flask import current_app

from ..db import db
from ..errors import DialogError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Item, Outcome]):
    """An item that waits for its batch, and its outcome afterwards."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.outcome: Outcome | DialogError | None = None


class _Queue(Generic[Item, Outcome]):
    """The items that wait in one application, and the lock of whoever does a batch of them."""

    def __init__(self) -> None:
        self.waiting: deque[_Waiting[Item, Outcome]] = deque()
        # Made at first use and not at import: the live process has patched threading by then.
        self.lock = threading.Lock()


class Batcher(Generic[Item, Outcome]):
    """Calls *act* with all items that wait, at most *max_batch* at a time; it returns one outcome for each.

    A ``DialogError`` among the outcomes is raised for the item that it belongs to.
    """

    def __init__(self, act: Callable[[list[Item]], Sequence[Outcome | DialogError]], max_batch: int) -> None:
        self._act, self._max_batch = act, max_batch

    def submit(self, item: Item) -> Outcome:
        """Handle *item* in a batch and return its outcome, or raise the error that prevented it."""
        queue = self._queue()
        own: _Waiting[Item, Outcome] = _Waiting(item)
        queue.waiting.append(own)
        db.session.rollback()  # those who wait must not each hold a connection
        time.sleep(0)  # other green threads that are ready join the queue first, and so the same transaction
        while own.outcome is None:  # once, unless more than one batch is waiting before this item
            with queue.lock:
                if own.outcome is None:
                    size = min(len(queue.waiting), self._max_batch)
                    self._do([queue.waiting.popleft() for _ in range(size)])
        if isinstance(own.outcome, DialogError):
            raise own.outcome
        return own.outcome

    def waiting(self) -> int:
        """Return how many items wait in the current application."""
        return len(self._queue().waiting)

    def _queue(self) -> _Queue[Item, Outcome]:
        queues: dict[object, _Queue[Item, Outcome]] = current_app.extensions["dialog_batches"]
        queue = queues.get(self)
        return queue if queue is not None else queues.setdefault(self, _Queue())

    def _do(self, batch: list[_Waiting[Item, Outcome]]) -> None:
        outcomes: Sequence[Outcome | DialogError] = [DialogError()] * len(batch)
        try:
            outcomes = self._act([waiting.item for waiting in batch])
        except DialogError as error:
            outcomes = [error] * len(batch)
        finally:
            # This runs also when the green thread is killed in the middle: no item may wait for ever.
            for waiting, outcome in zip(batch, outcomes, strict=True):
                waiting.outcome = outcome
