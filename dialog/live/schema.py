"""The messages that go over the socket. These docstrings are the reference, which the docs repeat.

All messages are JSON. Ids are integers, and ``seq`` counts the changes of cards within one meeting.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar

#: The events that a client may send. Each is answered by an acknowledgement.
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
    """Return the server's clock, in milliseconds since 1970."""
    return round(time.time() * 1000)


@dataclass(frozen=True)
class Message:
    """The base of the messages that the server sends on its own."""

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
    """The latest number, sent at once and every few seconds. ``epoch`` changes when a backup is restored.

    ``now`` is the server's clock in milliseconds since 1970, with which a device compares its own. It is read
    when the message is written, so two heads at the same position are equal.
    """

    event: ClassVar[str] = "head"
    seq: int
    epoch: str
    #: The latest number of the chat, which has a counter of its own.
    chat: int = 0

    def payload(self) -> Json:
        return {"seq": self.seq, "epoch": self.epoch, "chat": self.chat, "now": clock()}


@dataclass(frozen=True)
class StageNow(Message):
    """The meeting's stage. ``state`` is planned, open or closed; the flags say what participants may do.

    ``id`` is None in a meeting without stages. ``minutes`` is None where the stage has no length.

    The timer: ``began_at`` and ``ends_at`` are milliseconds since 1970 by the server's clock. ``ends_at`` is
    None when no time is set and while the timer is paused; then ``left`` is the number of seconds that
    remained. Nothing happens by itself when the time is up. While ``locked``, only the staff writes, votes
    and chats, whatever the stage says, and ``write``, ``vote`` and ``chat`` are false. With ``hold``, what is
    written is shown to others only when it is revealed. ``display`` is what the projector shows: auto, join,
    question, wall or results. ``message`` is the staff's announcement to everybody, ``{"id", "text"}``, or
    None.
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
    """The table of one participant's device, sent to it alone: after the first ``stage``, and on a change.

    ``table`` is ``{"id", "number", "name"}``, or None for a device at no table. ``message`` is the staff's
    announcement to that table alone, ``{"id", "text"}``, or None.
    """

    event: ClassVar[str] = "place"
    table: Json | None = None
    message: Json | None = None


@dataclass(frozen=True)
class Presence(Message):
    """The devices that are connected right now. They are no number of people: a table shares one tablet."""

    event: ClassVar[str] = "presence"
    online: int
    tables: int


@dataclass(frozen=True)
class ActivityHead(Message):
    """The latest number of the activity log, sent to the staff alone. It grows with each act and undo."""

    event: ClassVar[str] = "acts"
    seq: int


@dataclass(frozen=True)
class ChatChanges:
    """Messages of the chat that changed, with numbers as in ``changes``, but of the chat's own counter.

    A message that the receiver may not see is ``{"id", "seq", "state"}`` alone. A projector receives none.
    """

    event: ClassVar[str] = "chat"
    first: int
    last: int
    messages: list[Json]

    def payload(self) -> Json:
        return {"from": self.first, "to": self.last, "messages": self.messages}


OUTGOING: tuple[type[Any], ...] = (Changes, Head, StageNow, Place, ActivityHead, Presence, ChatChanges)
