"""The viewers of a meeting, what changed in it, and how much of that each viewer sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .schema import Json, Place, StageNow

#: Length of a burst that still counts as calm, in seconds of the calm rate.
BURST_SECONDS = 0.1
#: The place of a device that belongs to no table.
NO_PLACE = Place()


@dataclass(frozen=True)
class Viewer:
    """One socket, with its person and wishes. ``person`` is the id of a participant, a user or a link."""

    sid: str
    meeting_id: int
    kind: str  # participant, staff or display
    person: int
    table: bool = False
    html: bool = False
    #: Only of staff: the browser, and the number of the account's session when the socket was opened.
    session: str = ""
    version: int = 0
    #: Only of a participant: the device's place, and the meeting's ``place_seq`` when it was read.
    place: Place = NO_PLACE
    place_seq: int = 0

    @property
    def room(self) -> str:
        return room(self.meeting_id, self.kind, self.html)


@dataclass(frozen=True)
class Change:
    """A row that changed, and the audiences that may see it whole."""

    seq: int
    full: Json
    bare: Json
    audiences: frozenset[str]
    author: int | None
    author_sees: bool
    draw: Callable[[], str]

    def as_json(self, *, whole: bool, html: bool) -> Json:
        """Return the row for viewers who may see it whole, or bare for all others."""
        if not whole:
            return self.bare
        return {**self.full, "html": self.draw()} if html else self.full


@dataclass(frozen=True)
class Batch:
    """All changes after a number and up to ``to``, in order; ``more`` when there are further ones."""

    to: int
    epoch: str
    stage: StageNow
    changes: list[Change]
    more: bool = False
    place_seq: int = 0
    act_seq: int = 0
    #: The latest number of the chat.
    chat: int = 0


@dataclass(frozen=True)
class Position:
    """A meeting's latest numbers and its stage, as the heartbeat reads them."""

    seq: int
    stage: StageNow
    place_seq: int = 0
    act_seq: int = 0
    chat: int = 0


@dataclass
class Channel:
    """The viewers of one meeting in this process, and what they have been sent."""

    meeting_id: int
    #: The number up to which changes of cards were sent.
    delivered: int
    stage: StageNow
    epoch: str
    place_seq: int = 0
    act_seq: int = 0
    #: The number up to which changes of chat messages were sent.
    chat: int = 0
    viewers: dict[str, Viewer] = field(default_factory=dict)
    #: The place that each participant's socket was last sent.
    places: dict[str, Place] = field(default_factory=dict)
    #: Something was committed that has not been read yet.
    dirty: bool = False
    delivering: bool = False
    presence_due: bool = False
    _backlog: float = 0.0
    _counted_at: float = field(default_factory=time.monotonic)

    def is_busy(self, deliveries: int, calm_rate: int) -> bool:
        """Count *deliveries* and return whether more than *calm_rate* a second come, short bursts aside."""
        now = time.monotonic()
        self._backlog = max(0.0, self._backlog - (now - self._counted_at) * calm_rate) + deliveries
        self._counted_at = now
        return self._backlog > calm_rate * BURST_SECONDS

    def is_behind(self, epoch: str, now: Position) -> bool:
        """Return whether the database holds something that this channel has not sent."""
        return (
            now.seq > self.delivered
            or now.stage != self.stage
            or epoch != self.epoch
            or now.place_seq != self.place_seq
            or now.act_seq != self.act_seq
            or now.chat > self.chat
        )


def room(meeting_id: int, kind: str, html: bool) -> str:
    """Return the Socket.IO room of all viewers who receive the same messages."""
    return f"{meeting_id}/{kind}/{'html' if html else 'data'}"


@dataclass(frozen=True)
class AddressedMessage:
    """A message to a room or a socket, except to the sids in *skip*."""

    message: Any
    to: str
    skip: list[str] | None = None


def address_changes(
    viewers: list[Viewer], changes: list[Change], make_message: Callable[[list[Json]], Any]
) -> list[AddressedMessage]:
    """Put the changes into one message for each room as it may see them, and into one for some authors."""
    # Authors whose own card is hidden from the other participants receive a message of their own instead.
    special = {
        change.author
        for change in changes
        if change.author is not None and change.author_sees and "participant" not in change.audiences
    }
    authors = [viewer for viewer in viewers if viewer.kind == "participant" and viewer.person in special]
    skip = [viewer.sid for viewer in authors]
    addressed: list[AddressedMessage] = []
    for meeting_id, kind, html in {(viewer.meeting_id, viewer.kind, viewer.html) for viewer in viewers}:
        rows = [change.as_json(whole=kind in change.audiences, html=html) for change in changes]
        to = room(meeting_id, kind, html)
        addressed.append(AddressedMessage(make_message(rows), to, skip if kind == "participant" else None))
    for viewer in authors:
        rows = [
            change.as_json(
                whole="participant" in change.audiences
                or (change.author == viewer.person and change.author_sees),
                html=viewer.html,
            )
            for change in changes
        ]
        addressed.append(AddressedMessage(make_message(rows), viewer.sid))
    return addressed
