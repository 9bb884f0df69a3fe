"""What goes over the socket. These docstrings are the reference, which the docs repeat.

All messages are JSON. Ids are integers, ``seq`` counts changes of cards within one meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

#: What a client may send, each answered by an acknowledgement.
INCOMING = (
    "card:add",
    "card:edit",
    "card:withdraw",
    "card:move",
    "card:hide",
    "card:restore",
    "vote:set",
    "sync",
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Base of everything the server sends on its own."""

    event: ClassVar[str]

    def payload(self) -> Json:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Changes:
    """Cards that changed. ``from`` is the first number covered, ``to`` the last; the next begins after it.

    A card that the receiver may not see is ``{"id", "seq", "state"}`` alone.
    """

    event: ClassVar[str] = "changes"
    first: int
    last: int
    cards: list[Json]

    def payload(self) -> Json:
        return {"from": self.first, "to": self.last, "cards": self.cards}


@dataclass(frozen=True)
class Head(Message):
    """The latest number, at once and every few seconds. ``epoch`` changes when a backup is restored."""

    event: ClassVar[str] = "head"
    seq: int
    epoch: str


@dataclass(frozen=True)
class StageNow(Message):
    """Where the meeting is. ``state`` is planned, open or closed; the flags say what participants may do.

    ``id`` is None in a meeting without stages. ``minutes`` is None where the stage has no length.
    """

    event: ClassVar[str] = "stage"
    id: int | None
    position: int | None
    name: str
    prompt: str
    minutes: int | None
    state: str
    write: bool
    see: bool
    vote: bool


@dataclass(frozen=True)
class Presence(Message):
    """Devices that are connected right now. Never a number of people: a table shares one tablet."""

    event: ClassVar[str] = "presence"
    online: int
    tables: int


OUTGOING: tuple[type[Any], ...] = (Changes, Head, StageNow, Presence)
