"""Find chat messages and say who may see them. Page, ``chat:sync`` and ``chat`` all ask here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from ..db import db
from ..live.subscriptions import Change
from ..meetings.actor import Actor, MeetingActor
from ..meetings.meeting_like import MeetingLike
from ..meetings.models import Participant, Table
from ..meetings.numbered_rows import NumberedRows
from .models import ChatMessage

#: The states that each audience sees whole.
STATES_SEEN: dict[str, frozenset[str]] = {
    "staff": frozenset(("shown", "pending", "hidden")),
    "participant": frozenset(("shown",)),
    "display": frozenset(),
}
#: The states in which an author sees their own message whole; a hidden one comes with its reason.
OWN_STATES = frozenset(("shown", "pending", "hidden"))
#: Most messages in one answer.
PAGE = 500


class MessageRows(NumberedRows[ChatMessage]):
    """The chat messages of a meeting as each viewer may see them."""

    model = ChatMessage
    counter = "chat_seq"
    own_states = OWN_STATES
    page_size = PAGE
    name = "messages"

    def states_seen(self, actor: MeetingActor[MeetingLike]) -> frozenset[str]:
        """Return the states in which *actor* sees everybody's messages."""
        return STATES_SEEN[actor.kind]

    def describe(self, rows: Sequence[ChatMessage]) -> list[dict[str, Any]]:
        """Return the messages as in the contract."""
        tables = table_numbers(rows[0].meeting_id) if rows else {}
        return [as_dict(message, tables) for message in rows]

    def ahead_message(self) -> str:
        """Return what is wrong with a ``base`` that is newer than the message."""
        return _("This number is ahead of the message.")


message_rows = MessageRows()


def as_dict(message: ChatMessage, tables: dict[int, int]) -> dict[str, Any]:
    """Return the message as in the contract. *tables* is what ``table_numbers`` returns."""
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


def table_numbers(meeting_id: int) -> dict[int, int]:
    """Return the number of its table for each participant that is a table's shared tablet."""
    query = (
        select(Participant.id, Table.number)
        .join(Table, Table.id == Participant.table_id)
        .where(Participant.meeting_id == meeting_id, Participant.kind == "table")
    )
    return dict(db.session.execute(query).all())


def read_chat(meeting_id: int, since: int, to: int) -> list[Change]:
    """Return what changed in the chat after number *since* and up to *to*, for everyone who listens."""
    return message_rows.as_changes(message_rows.changed(meeting_id, since, to=to), STATES_SEEN, str)


def latest_messages(actor: Actor, limit: int = 200) -> list[dict[str, Any]]:
    """Return the newest *limit* messages that *actor* may see, oldest first; ``mine`` marks their own."""
    query = (
        select(ChatMessage)
        .where(ChatMessage.meeting_id == actor.meeting.id, message_rows.visible_to(actor))
        .order_by(ChatMessage.id.desc())
        .limit(limit)
    )
    own_id = actor.participant.id if actor.participant else None
    tables = table_numbers(actor.meeting.id)
    return [
        {**as_dict(message, tables), "mine": own_id is not None and message.author_participant_id == own_id}
        for message in reversed(list(db.session.scalars(query)))
    ]
