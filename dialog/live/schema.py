"""What goes over the socket. These docstrings are the reference, which the docs repeat.

All messages are JSON. Ids are integers, ``seq`` counts changes of cards within one meeting.
"""

from __future__ import annotations

import time
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
    "chat:add",
    "chat:sync",
)

Json = dict[str, Any]


def clock() -> int:
    """The server's clock, in milliseconds since 1970."""
    return round(time.time() * 1000)


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
    """The latest number, at once and every few seconds. ``epoch`` changes when a backup is restored.

    With it goes ``now``, the server's clock in milliseconds since 1970: what a device's own clock is compared
    with. It is read when the message is written, so it is never part of what two positions are compared by.
    """

    event: ClassVar[str] = "head"
    seq: int
    epoch: str
    #: The latest number of the chat, which counts for itself.
    chat: int = 0

    def payload(self) -> Json:
        return {"seq": self.seq, "epoch": self.epoch, "chat": self.chat, "now": clock()}


@dataclass(frozen=True)
class StageNow(Message):
    """Where the meeting is. ``state`` is planned, open or closed; the flags say what participants may do.

    ``id`` is None in a meeting without stages. ``minutes`` is None where the stage has no length.

    The timer: ``began_at`` and ``ends_at`` in milliseconds since 1970 by the server's clock, the latter None
    when no time is set and while it is paused; then ``left`` says how many seconds remained. Nothing happens
    by itself when the time is up. ``locked``: only the staff writes, votes and chats for now, whatever the
    stage says; ``write``, ``vote`` and ``chat`` are false then. ``hold``: what is written is shown to others
    only when it is revealed. ``display`` is what the projector shows: auto, join, question, wall or results.
    ``message`` is what the staff says to everybody, ``{"id", "text"}``, or None.
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
    move: bool = False
    chat: bool = False
    hold: bool = False
    locked: bool = False
    began_at: int | None = None
    ends_at: int | None = None
    left: int | None = None
    display: str = "auto"
    message: Json | None = None


@dataclass(frozen=True)
class Place(Message):
    """Where one participant's device belongs, told to it alone: after the first ``stage``, and on a change.

    ``table`` is ``{"id", "number", "name"}``, or None for a device at no table. ``message`` is what the staff
    says to that table alone, ``{"id", "text"}``, or None.
    """

    event: ClassVar[str] = "place"
    table: Json | None = None
    message: Json | None = None


@dataclass(frozen=True)
class Presence(Message):
    """Devices that are connected right now. Never a number of people: a table shares one tablet."""

    event: ClassVar[str] = "presence"
    online: int
    tables: int


@dataclass(frozen=True)
class Acts(Message):
    """The meeting was led, or an act undone: told to the staff alone. ``seq`` grows with each."""

    event: ClassVar[str] = "acts"
    seq: int


@dataclass(frozen=True)
class Said:
    """Messages of the chat that changed; numbers as in ``changes``, but of the chat's own count.

    A message that the receiver may not see is ``{"id", "seq", "state"}`` alone. Never told to a projector.
    """

    event: ClassVar[str] = "chat"
    first: int
    last: int
    messages: list[Json]

    def payload(self) -> Json:
        return {"from": self.first, "to": self.last, "messages": self.messages}


OUTGOING: tuple[type[Any], ...] = (Changes, Head, StageNow, Place, Acts, Presence, Said)
