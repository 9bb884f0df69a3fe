"""Phones that keep writing through every fault with the official client, and resend with the same UUID."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.journal import Entry, Journal
from tests.faults.viewers import COMES_BACK
from tests.live.hall import Phone, new_uuid
from tests.live_server import LiveServer
from tests.node_client import NoAck, NodeSocket
from tests.processes import PATIENCE, wait_until

#: Seconds after which a device takes an acknowledgement for lost; a server that cannot write says so earlier.
ACK_SECONDS = 60.0
#: Refusals after which a device keeps the card and sends it again; every other one is final.
TEMPORARY = frozenset(("unavailable", "too_fast", "error"))
#: Longest pause in seconds between one handful of cards and the next: people do not write faster.
PACE = 0.1
#: Cards a phone has under way at once.
CARDS_IN_FLIGHT = 3


class Writer:
    """A phone with an outbox: a card leaves it when it is acknowledged or refused for good."""

    def __init__(
        self,
        phone: Phone,
        journal: Journal,
        seed: int,
        server: LiveServer | None = None,
        ack_seconds: float = ACK_SECONDS,
        long: bool = False,
    ) -> None:
        self.journal, self._random, self._ack_seconds = journal, random.Random(seed), ack_seconds
        self.token, self._seed, self._count, self._long = phone.token, seed, 0, long
        at = server or phone.hall.server
        self.socket: NodeSocket = phone.hall.node.connect(at.url, phone.auth, **COMES_BACK)
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self.failure: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write nothing new; cards in the outbox are still sent."""
        self._enough.set()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _write(self) -> None:
        outbox: list[Entry] = []
        try:
            while outbox or not self._enough.is_set():
                while len(outbox) < CARDS_IN_FLIGHT and not self._enough.is_set():
                    outbox.append(self._write_card())
                outbox = self._send_outbox(outbox)
                self._enough.wait(self._random.random() * PACE)
        except BaseException as error:
            self.failure = error
            raise

    def _write_card(self) -> Entry:
        self._count += 1
        # Of 500 characters, the most that a card may have, or of any length below 200.
        words = "å" * 470 if self._long else "åäö " * self._random.randrange(40)
        return self.journal.note_card(new_uuid(), f"Tanke {self._seed}.{self._count} {words}".strip())

    def _send_outbox(self, outbox: list[Entry]) -> list[Entry]:
        """Send all of *outbox* at once, and return what has to be sent again."""
        self._wait_for_network()
        for entry in outbox:
            self.journal.note_sent(entry)
        answers = [
            self.socket.emit_later(
                "card:add", {"uuid": entry.uuid, "text": entry.text}, timeout=self._ack_seconds
            )
            for entry in outbox
        ]
        left: list[Entry] = []
        pause = 0.0
        for entry, answer in zip(outbox, answers, strict=True):
            reply: dict[str, Any] | None = None
            with contextlib.suppress(NoAck):
                reply = answer()
            code = self.journal.note_answer(entry, reply)
            if code in TEMPORARY:
                assert reply is not None
                pause = max(pause, float(reply["error"].get("retry_after", 0.2)))
            if code == "unknown" or code in TEMPORARY:
                left.append(entry)
            elif code != "ok":
                self.journal.note_refusal(entry, code)
        if pause:
            self._enough.wait(min(pause, 0.5))
        return left

    def _wait_for_network(self) -> None:
        def connected() -> bool:
            state = [event for event, _ in self.socket.events if event in ("$connect", "$disconnect")]
            return state[-1] == "$connect"

        wait_until(connected, "the phone to be online again", 2 * PATIENCE)


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """Have *writers* write while the block runs, then wait until every outbox is empty."""
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        for writer in writers:
            writer.stop()
    wait_until(lambda: all(writer.done for writer in writers), "the outboxes to empty", 2 * PATIENCE)
    for writer in writers:
        assert writer.failure is None, writer.failure
