"""A meeting under a fault: phones that write, viewers that watch, and the check of the promise afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.journal import Journal, everything_wrong
from tests.faults.viewers import CONVERGENCE_SECONDS, Viewer
from tests.faults.writers import Writer, writing
from tests.live.hall import Hall
from tests.live_server import LiveServer
from tests.processes import PATIENCE, wait_until

#: ``FAULTS=full`` enlarges every row to what the table of promises says.
FULL = os.environ.get("FAULTS") == "full"


def size(small: int, full: int) -> int:
    """Return the size of a row: *small* in ``make test``, *full* with ``FAULTS=full``."""
    return full if FULL else small


class FaultRun:
    """A hall with a journal. Phones and viewers are shared out over the servers, when there are several."""

    def __init__(
        self,
        hall: Hall,
        others: tuple[LiveServer, ...] = (),
        record: Callable[..., None] | None = None,
        *,
        phones: int = 4,
        seed: int = 1,
        **writer: Any,
    ) -> None:
        self.hall, self.journal, self.seed = hall, Journal(), seed
        self._record = record
        servers = (hall.server, *others)
        seats = {"participant": hall.joins(), "staff": hall.moderator(), "display": hall.projector()}
        self.viewers = [
            Viewer(f"{name} {place}", seat, server)
            for place, server in enumerate(servers)
            for name, seat in seats.items()
        ]
        self.writers = [
            Writer(hall.joins(), self.journal, seed * 100 + number, servers[number % len(servers)], **writer)
            for number in range(phones)
        ]

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Have the phones write while the block breaks things, then wait until their outboxes are empty."""
        with writing(self.writers):
            yield self.journal

    def wait_for_acknowledgements(self, more: int, seconds: float = PATIENCE) -> None:
        """Wait until this many more cards are acknowledged, while the viewers read events."""
        wanted = len(self.journal.acknowledged) + more

        def enough() -> bool:
            for viewer in self.viewers:
                viewer.grow()
            for writer in self.writers:
                assert writer.failure is None, writer.failure
            return len(self.journal.acknowledged) >= wanted

        wait_until(enough, f"{more} more acknowledgements", seconds)

    def keep_writing_for(self, seconds: float) -> None:
        """Hold a fault for this many seconds while acknowledgements come, and wait for ten more after it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.wait_for_acknowledgements(1)
        self.wait_for_acknowledgements(10)

    def wait_until_notified(self, cards: set[str]) -> None:
        """Wait until the devices of these cards have their acknowledgements."""

        def are_acknowledged() -> bool:
            return cards <= {entry.uuid for entry in self.journal.acknowledged}

        wait_until(are_acknowledged, "acknowledgements that are on their way")

    def delivered_cards(self) -> set[str]:
        """Return the UUIDs of the cards that any viewer was sent without asking."""
        return {
            card["uuid"]
            for viewer in self.viewers
            for message in viewer.socket.received("changes")
            for card in message["cards"]
            if "uuid" in card
        }

    def converge(self) -> None:
        """Wait at most ten seconds until every viewer's screen equals a fresh page load."""
        wait_until(
            lambda: all(viewer.has_converged() for viewer in self.viewers),
            "every viewer to converge",
            CONVERGENCE_SECONDS,
        )

    def check_promise(self, **counts: Any) -> None:
        """Check that nothing acknowledged is lost, nothing is there twice and nothing is invented.

        *counts* go into the record of the row.
        """
        self.converge()
        wrong = everything_wrong(self.journal, self.hall, self.viewers)
        if self._record:
            found = self.journal.outcome([row.uuid for row in self.hall.rows()])
            self._record(seed=self.seed, **self.journal.numbers(), **found, **counts)
        assert not wrong, "\n".join(wrong[:40])
