"""One evening under a fault: phones that write, boards that watch, and the reckoning afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.boards import CONVERGES, Board
from tests.faults.journal import Journal, everything_wrong
from tests.faults.writers import Writer, writing
from tests.live.hall import Hall
from tests.live_server import LiveServer
from tests.processes import PATIENCE, wait_until

#: ``FAULTS=full`` enlarges every row to what the table of promises says.
FULL = os.environ.get("FAULTS") == "full"


def size(small: int, full: int) -> int:
    """How often, or how many: in ``make test``, and in ``make faults``."""
    return full if FULL else small


class Evening:
    """A hall with a journal. Phones and boards are shared out over the servers, when there are several."""

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
        self.boards = [
            Board(f"{name} {place}", seat, server)
            for place, server in enumerate(servers)
            for name, seat in seats.items()
        ]
        self.writers = [
            Writer(hall.joins(), self.journal, seed * 100 + number, servers[number % len(servers)], **writer)
            for number in range(phones)
        ]

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """The phones write while the block breaks things; afterwards they are let empty their outboxes."""
        with writing(self.writers):
            yield self.journal

    def acknowledges(self, more: int, seconds: float = PATIENCE) -> None:
        """Wait until so many more cards are acknowledged, while the boards grow."""
        wanted = len(self.journal.acknowledged) + more

        def enough() -> bool:
            for board in self.boards:
                board.grow()
            for writer in self.writers:
                assert writer.failure is None, writer.failure
            return len(self.journal.acknowledged) >= wanted

        wait_until(enough, f"{more} more acknowledgements", seconds)

    def lasts(self, seconds: float) -> None:
        """A fault of so many seconds: acknowledgements keep coming all through it, and after it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.acknowledges(1)
        self.acknowledges(10)

    def knows(self, cards: set[str]) -> None:
        """The devices of these cards have been told that they are saved, or are told at this moment."""

        def told() -> bool:
            return cards <= {entry.uuid for entry in self.journal.acknowledged}

        wait_until(told, "acknowledgements that are on their way")

    def delivered(self) -> set[str]:
        """The cards that have come to any board by themselves."""
        return {
            card["uuid"]
            for board in self.boards
            for message in board.socket.received("changes")
            for card in message["cards"]
            if "uuid" in card
        }

    def converge(self) -> None:
        """Within ten seconds every board is as a fresh page load."""
        wait_until(
            lambda: all(board.converged() for board in self.boards), "every board to converge", CONVERGES
        )

    def holds(self, **counts: Any) -> None:
        """The reckoning: nothing acknowledged is lost, nothing is there twice, nothing is invented."""
        self.converge()
        wrong = everything_wrong(self.journal, self.hall, self.boards)
        if self._record:
            found = self.journal.reckoning([row.uuid for row in self.hall.rows()])
            self._record(seed=self.seed, **self.journal.numbers(), **found, **counts)
        assert not wrong, "\n".join(wrong[:40])
