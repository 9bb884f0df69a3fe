"""What may be seen of the chat, and by whom. Page, ``chat:sync`` and ``chat`` all ask here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..errors import NotFound
from ..live.subscriptions import Change
from ..meetings.actor import Actor
from ..meetings.models import Participant, Table
from ..meetings.queries import epoch
from .models import ChatMessage

#: The states that each audience sees whole.
SEEN: dict[str, frozenset[str]] = {
    "staff": frozenset(("shown", "pending", "hidden")),
    "participant": frozenset(("shown",)),
    "display": frozenset(),
}
#: The states in which an author sees their own message whole; of a hidden one they are told the reason.
OWN = frozenset(("shown", "pending", "hidden"))
PAGE = 500


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition under which *actor* may see a message whole."""
    condition: ColumnElement[bool] = ChatMessage.state.in_(SEEN[actor.kind])
    if actor.participant is not None:
        own = and_(ChatMessage.author_participant_id == actor.participant.id, ChatMessage.state.in_(OWN))
        condition = or_(condition, own)
    return condition


def may_see(actor: Actor, message: ChatMessage) -> bool:
    """``visible_to`` for a message at hand."""
    if message.state in SEEN[actor.kind]:
        return True
    mine = actor.participant is not None and message.author_participant_id == actor.participant.id
    return mine and message.state in OWN


def as_dict(message: ChatMessage, tables: dict[int, int]) -> dict[str, Any]:
    """The message as in the contract. *tables*: participant to number of the table whose tablet it is."""
    return {
        "id": message.id,
        "uuid": message.uuid,
        "seq": message.seq,
        "kind": message.kind,
        "state": message.state,
        "text": message.text,
        "at": round(message.at.timestamp() * 1000),
        "staff": message.author_user_id is not None,
        "table": tables.get(message.author_participant_id or 0),
        "answer": message.answer,
        "card": message.card_id,
        "hidden_reason": message.hidden_reason,
    }


def bare(message: ChatMessage) -> dict[str, Any]:
    """All that is told of a message to somebody who may not see it."""
    return {"id": message.id, "seq": message.seq, "state": message.state}


def as_seen_by(actor: Actor, message: ChatMessage) -> dict[str, Any]:
    if not may_see(actor, message):
        return bare(message)
    return as_dict(message, tables_of(message.meeting_id))


def tables_of(meeting_id: int) -> dict[int, int]:
    """Which participants are a table's tablet, and of which table."""
    query = (
        select(Participant.id, Table.number)
        .join(Table, Table.id == Participant.table_id)
        .where(Participant.meeting_id == meeting_id, Participant.kind == "table")
    )
    return dict(db.session.execute(query).all())


def _after(meeting_id: int, number: int) -> Any:
    return (
        select(ChatMessage)
        .where(ChatMessage.meeting_id == meeting_id, ChatMessage.seq > number)
        .order_by(ChatMessage.seq)
        .execution_options(populate_existing=True)
    )


def read_chat(meeting_id: int, since: int, to: int) -> list[Change]:
    """What changed in the chat after *since* and up to *to*, for everyone who listens."""
    messages = list(db.session.scalars(_after(meeting_id, since).where(ChatMessage.seq <= to)))
    tables = tables_of(meeting_id) if messages else {}
    return [_change(message, as_dict(message, tables)) for message in messages]


def _change(message: ChatMessage, full: dict[str, Any]) -> Change:
    return Change(
        seq=message.seq,
        full=full,
        bare=bare(message),
        audiences=frozenset(kind for kind, states in SEEN.items() if message.state in states),
        author=message.author_participant_id,
        author_sees=message.state in OWN,
        draw=str,
    )


def sync(actor: Actor, number: int) -> dict[str, Any]:
    """Everything that changed after *number* as *actor* may see it."""
    messages = list(db.session.scalars(_after(actor.meeting.id, number).limit(PAGE + 1)))
    tables = tables_of(actor.meeting.id) if messages else {}
    seen = [
        as_dict(message, tables) if may_see(actor, message) else bare(message) for message in messages[:PAGE]
    ]
    return {
        "seq": actor.meeting.chat_seq,
        "epoch": epoch(),
        "messages": seen,
        "more": len(messages) > PAGE,
    }


def latest(actor: Actor, most: int = 200) -> list[dict[str, Any]]:
    """What *actor* may see, the oldest first, at most the newest *most*; ``mine`` is their own."""
    query = (
        select(ChatMessage)
        .where(ChatMessage.meeting_id == actor.meeting.id, visible_to(actor))
        .options(joinedload(ChatMessage.card))
        .order_by(ChatMessage.id.desc())
        .limit(most)
    )
    me = actor.participant.id if actor.participant else None
    tables = tables_of(actor.meeting.id)
    return [
        {**as_dict(message, tables), "mine": me is not None and message.author_participant_id == me}
        for message in reversed(list(db.session.scalars(query)))
    ]


def by_uuid(meeting_id: int, uuid: str) -> ChatMessage | None:
    query = select(ChatMessage).where(ChatMessage.meeting_id == meeting_id, ChatMessage.uuid == uuid)
    return db.session.scalar(query.execution_options(populate_existing=True))


def message_in(meeting_id: int, number: int) -> ChatMessage:
    """A message of the meeting, for its staff; ``NotFound`` when it is another meeting's or none."""
    message = db.session.get(ChatMessage, number)
    if message is None or message.meeting_id != meeting_id:
        raise NotFound
    return message
