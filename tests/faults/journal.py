"""A journal of what the devices know, and a checker that compares it with everything the server shows.

The promise: a card that was acknowledged is there exactly once, a card that was not is there at most once,
and no card is there that nobody sent. The journal is kept on the devices' side alone, so it cannot be wrong
in the same way as the server.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db
from dialog.meetings.models import Meeting
from dialog.reports.facts_queries import gather_snapshot, load_dialogue
from tests.faults.viewers import Viewer
from tests.live.hall import Hall


@dataclass
class Entry:
    """One card as its device knows it."""

    uuid: str
    text: str
    #: The acknowledgement: number of the card, number of the change, and when it came.
    id: int | None = None
    seq: int | None = None
    at: float = 0.0
    #: The time when it was last sent, and the seconds that the acknowledgement then took.
    began: float = 0.0
    took: float | None = None
    #: Refused for good; the device does not send it again.
    refused: str = ""
    #: Every answer it got, in order: ``ok``, an error's code, or ``unknown`` when none came.
    answers: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> bool:
        return self.id is not None


class Journal:
    """Everything that was sent, with its outcome. Several threads write it."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()
        self._contradictions: list[str] = []

    def note_card(self, uuid: str, text: str) -> Entry:
        """Note a card before it is sent for the first time."""
        with self._lock:
            return self._entries.setdefault(uuid, Entry(uuid, text))

    def note_sent(self, entry: Entry) -> None:
        """Note that a card is sent, or sent again."""
        with self._lock:
            entry.began = time.monotonic()

    def note_answer(self, entry: Entry, reply: dict[str, Any] | None) -> str:
        """Note an acknowledgement, a refusal, or (None) that neither came; returns which."""
        with self._lock:
            if reply is None:
                answer = "unknown"
            elif reply.get("ok") or "id" in reply:
                answer = "ok"
                if entry.acknowledged and entry.id != reply["id"]:
                    self._contradictions.append(f"{entry.uuid} was card {entry.id}, then {reply['id']}")
                if not entry.acknowledged:
                    entry.id, entry.seq, entry.at = reply["id"], reply["seq"], time.monotonic()
                    entry.took = entry.at - entry.began if entry.began else None
            else:
                answer = str(reply["error"]["code"])
            entry.answers.append(answer)
            return answer

    def note_refusal(self, entry: Entry, code: str) -> None:
        """Note that the device will not send it again, and why."""
        with self._lock:
            entry.refused = code

    @property
    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries.values())

    @property
    def acknowledged(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.acknowledged]

    def acknowledged_before(self, moment: float) -> set[str]:
        """Return the UUIDs whose acknowledgement had come by *moment* (``time.monotonic``)."""
        return {entry.uuid for entry in self.acknowledged if entry.at <= moment}

    def count(self, answer: str) -> int:
        """Return how often this answer came."""
        return sum(entry.answers.count(answer) for entry in self.entries)

    def numbers(self) -> dict[str, int]:
        """Return counts and times for the record of a run."""
        entries = self.entries
        answers = Counter(answer for entry in entries for answer in entry.answers)
        took = sorted(entry.took for entry in entries if entry.took is not None)
        times = {f"ack_p{p}_ms": round(1000 * took[len(took) * p // 100]) for p in (50, 95) if took}
        return {
            "sent": len(entries),
            "acknowledged": sum(entry.acknowledged for entry in entries),
            "sent_again": sum(len(entry.answers) - 1 for entry in entries if entry.answers),
            **{f"answers_{name}": number for name, number in sorted(answers.items())},
            **times,
        }

    def outcome(self, uuids: list[str]) -> dict[str, int]:
        """Count the cards that were lost, are there twice or were invented, with *uuids* on disk."""
        there = Counter(uuids)
        return {
            "lost": sum(entry.uuid not in there for entry in self.acknowledged),
            "twice": sum(number > 1 for number in there.values()),
            "invented": len(there.keys() - {entry.uuid for entry in self.entries}),
        }

    # --- what must hold

    def problems(self, found: Iterable[tuple[str, str, int | None, int | None]], where: str) -> list[str]:
        """Return what is wrong with the cards *found* (uuid, text, id, seq; None if not shown) at *where*."""
        cards = list(found)
        times = Counter(uuid for uuid, *_ in cards)
        sent = {entry.uuid: entry for entry in self.entries}
        wrong = [*self._contradictions]
        for uuid, text, card_id, seq in cards:
            entry = sent.get(uuid)
            if entry is None:
                wrong.append(f"{where}: {uuid} was never sent")
                continue
            if text != entry.text:
                wrong.append(f"{where}: {uuid} has another text")
            if entry.acknowledged and card_id is not None and card_id != entry.id:
                wrong.append(f"{where}: {uuid} is card {card_id}, acknowledged as {entry.id}")
            if entry.acknowledged and seq is not None and entry.seq is not None and seq < entry.seq:
                wrong.append(f"{where}: {uuid} has number {seq}, acknowledged with {entry.seq}")
        wrong += [f"{where}: {uuid} is there {number} times" for uuid, number in times.items() if number > 1]
        wrong += [
            f"{where}: {entry.uuid} was acknowledged as card {entry.id} and is lost"
            for entry in sent.values()
            if entry.acknowledged and entry.uuid not in times
        ]
        wrong += [
            f"{where}: {entry.uuid} was refused ({entry.refused}) and is there"
            for entry in sent.values()
            if entry.refused
            and not entry.acknowledged
            and "unknown" not in entry.answers
            and times[entry.uuid]
        ]
        return wrong


def on_disk(hall: Hall) -> list[Card]:
    """Return every card of the meeting, read in this process."""
    return hall.rows()


def problems_on_disk(journal: Journal, hall: Hall) -> list[str]:
    """Compare with the database: cards, and the order of their numbers."""
    rows = on_disk(hall)
    wrong = journal.problems([(row.uuid, row.text, row.id, row.seq) for row in rows], "database")
    with hall.app.app_context():
        head = db.session.scalar(select(Meeting.seq).where(Meeting.id == hall.meeting_id))
    numbers = [row.seq for row in rows]
    # Nothing is edited in these runs, so every number was taken by exactly one card.
    if numbers != list(range(1, len(rows) + 1)) or head != len(rows):
        wrong.append(
            f"database: {len(rows)} cards have the numbers {numbers[:3]}…{numbers[-3:]}, head {head}"
        )
    return wrong


def problems_in_report(journal: Journal, hall: Hall) -> list[str]:
    """Compare the report with what is on disk."""
    uuids = {row.id: row.uuid for row in on_disk(hall)}
    with hall.app.app_context():
        dialogue = load_dialogue(hall.dialogue_id)
        assert dialogue is not None
        cards = [card for area in gather_snapshot(dialogue).areas for card in area.cards]
    found = [(uuids.get(card.id, f"card {card.id}"), card.text, card.id, None) for card in cards]
    return journal.problems(found, "report")


def problems_on_screens(journal: Journal, viewers: list[Viewer]) -> list[str]:
    """Compare every screen with a fresh page load of the same viewer, and both with the journal."""
    wrong: list[str] = []
    for viewer in viewers:
        for cards, where in ((viewer.fresh(), "fresh"), (viewer.grown(), "grown")):
            found = [(card["uuid"], card["text"], number, card["seq"]) for number, card in cards.items()]
            wrong += journal.problems(found, f"{viewer.name}, {where}")
        wrong += viewer.differences()
    return wrong


def everything_wrong(journal: Journal, hall: Hall, viewers: list[Viewer]) -> list[str]:
    """Return everything that breaks the promise; an empty list when it holds."""
    return [
        *problems_on_disk(journal, hall),
        *problems_in_report(journal, hall),
        *problems_on_screens(journal, viewers),
    ]
