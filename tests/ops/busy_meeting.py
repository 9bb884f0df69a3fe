"""A meeting in which phones write while it is backed up and restored."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db
from dialog.meetings.models import Installation
from dialog.ops import backup
from tests.live_server import LiveServer
from tests.processes import wait_until


@dataclass
class BusyMeeting:
    """A meeting in which phones write without pause; ``journal`` lists the acknowledged cards in order."""

    server: LiveServer
    code: str
    meeting: int
    token: str = ""
    sent: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    phones: list[threading.Thread] = field(default_factory=list)

    def joins(self) -> None:
        answer = self.server.post_json("/api/join", {"code": self.code})
        assert answer.status == 201
        self.token = answer.json["token"]

    def writes(self, text: str = "En tanke") -> int:
        """Write one card, and add it to the journal once it is acknowledged; return the status."""
        name = str(uuid.uuid4())
        self.sent.append(name)
        answer = self.server.post_json(
            f"/api/meetings/{self.meeting}/cards",
            {"uuid": name, "text": text},
            Authorization=f"Bearer {self.token}",
        )
        if answer.status == 201:
            self.journal.append(name)
        return answer.status

    def write_on(self, phones: int = 3) -> None:
        def write() -> None:
            while not self.stopping.is_set():
                self.writes()

        self.phones = [threading.Thread(target=write) for _ in range(phones)]
        for phone in self.phones:
            phone.start()
        self.wait_for_more(20)

    def wait_for_more(self, cards: int) -> None:
        goal = len(self.journal) + cards
        wait_until(lambda: len(self.journal) >= goal, f"{cards} more acknowledged cards")

    def stop(self) -> None:
        self.stopping.set()
        for phone in self.phones:
            phone.join()

    def backs_up(self, file: Path) -> None:
        """Create a backup as the command does, without starting a process."""
        with self.server.inside():
            backup.create_backup(file)

    def restores(self, file: Path) -> Path:
        """Restore a backup as the command does; return the file with the previous state."""
        previous = self.server.data_dir / "backups" / f"{uuid.uuid4()}.zip"
        with self.server.inside():
            backup.restore(file, previous)
        return previous

    def in_database(self) -> list[str]:
        with self.server.inside():
            return list(
                db.session.scalars(
                    select(Card.uuid).where(Card.meeting_id == self.meeting).order_by(Card.seq)
                )
            )

    def epoch(self) -> str:
        with self.server.inside():
            return db.session.scalars(select(Installation.epoch)).one()
