"""Who looks at a meeting, what there is to see, and who sees how much of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .schema import Json, Place, StageNow

#: Deliveries that may come at once, in seconds of the calm pace.
BURST_SECONDS = 0.1
#: Where a device is that belongs to no table.
NOWHERE = Place()


@dataclass(frozen=True)
class Viewer:
    """One socket: who it is and what it asked for. ``person`` is a participant's, a user's or a link's id."""

    sid: str
    meeting_id: int
    kind: str  # participant, staff or display
    person: int
    table: bool = False
    html: bool = False
    #: Of the staff: which browser, and the number of the account's session then.
    session: str = ""
    version: int = 0
    #: Of a participant: where the device belongs, and the meeting's ``place_seq`` when that was read.
    place: Place = NOWHERE
    place_seq: int = 0

    @property
    def room(self) -> str:
        return room(self.meeting_id, self.kind, self.html)


@dataclass(frozen=True)
class Change:
    """A card that changed, and which audiences may see it whole."""

    seq: int
    full: Json
    bare: Json
    audiences: frozenset[str]
    author: int | None
    author_sees: bool
    draw: Callable[[], str]

    def for_(self, sees: bool, html: bool) -> Json:
        if not sees:
            return self.bare
        return {**self.full, "html": self.draw()} if html else self.full


@dataclass(frozen=True)
class Batch:
    """All changes after a number, up to ``to``, in order; ``more`` if there are further ones."""

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
    """Where a meeting is: its latest number, its stage, and how often devices were placed and it was led."""

    seq: int
    stage: StageNow
    place_seq: int = 0
    act_seq: int = 0
    chat: int = 0


@dataclass
class Board:
    """The viewers of one meeting in this process, and what they have been told."""

    meeting_id: int
    delivered: int
    stage: StageNow
    epoch: str
    place_seq: int = 0
    act_seq: int = 0
    #: The number of the chat up to which its messages were told.
    chat: int = 0
    viewers: dict[str, Viewer] = field(default_factory=dict)
    #: What each participant's socket was last told of its place.
    places: dict[str, Place] = field(default_factory=dict)
    dirty: bool = False
    flushing: bool = False
    presence_due: bool = False
    ahead: float = 0.0
    counted_at: float = field(default_factory=time.monotonic)

    def busy(self, deliveries: int, calm: int) -> bool:
        """Count *deliveries*; is it more than *calm* a second? A burst is not, if it is not too large."""
        now = time.monotonic()
        self.ahead = max(0.0, self.ahead - (now - self.counted_at) * calm) + deliveries
        self.counted_at = now
        return self.ahead > calm * BURST_SECONDS


#: Sends an event with its payload to a room, except to these sids.
Broadcast = Callable[[str, Json, str, list[str] | None], None]


def room(meeting_id: int, kind: str, html: bool) -> str:
    """The Socket.IO room of everyone who gets the same message."""
    return f"{meeting_id}/{kind}/{'html' if html else 'data'}"


@dataclass(frozen=True)
class Letter:
    """A message to a room or a socket, except to the sids in *skip*."""

    message: Any
    to: str
    skip: list[str] | None = None


def letters(
    viewers: list[Viewer], changes: list[Change], message: Callable[[list[Json]], Any]
) -> list[Letter]:
    """What changed, put into a message for each audience as it may see it, and for some authors apart."""
    # Authors whose own card is not for everyone's eyes get a message of their own instead of the common one.
    special = {
        change.author
        for change in changes
        if change.author is not None and change.author_sees and "participant" not in change.audiences
    }
    apart = [viewer for viewer in viewers if viewer.kind == "participant" and viewer.person in special]
    skip = [viewer.sid for viewer in apart]
    written: list[Letter] = []
    for meeting_id, kind, html in {(viewer.meeting_id, viewer.kind, viewer.html) for viewer in viewers}:
        rows = [change.for_(kind in change.audiences, html) for change in changes]
        to = room(meeting_id, kind, html)
        written.append(Letter(message(rows), to, skip if kind == "participant" else None))
    for viewer in apart:
        rows = [
            change.for_(
                "participant" in change.audiences or (change.author == viewer.person and change.author_sees),
                viewer.html,
            )
            for change in changes
        ]
        written.append(Letter(message(rows), viewer.sid))
    return written
