"""A message becomes a card.

Its author stays the one who wrote the message: the thought is theirs, they find it among their own cards, may
change it or take it back, and it counts as theirs. Who put it on the wall is in the log. The card has the
message's UUID, so that however often it is asked for, there is one.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..cards.models import Card
from ..cards.queries import by_uuid
from ..cards.validation import text_hash
from ..meetings.actor import Actor
from ..meetings.models import Participant, Stage
from ..meetings.numbering_actions import take_numbers
from .models import ChatMessage


def card_of(session: Session, actor: Actor, message: ChatMessage, area_id: int | None) -> int:
    """The card that *message* becomes, inside the caller's transaction; its id."""
    known = by_uuid(message.meeting_id, [message.uuid]).get(message.uuid)
    if known is not None:
        return int(known.id)
    author = (
        session.get(Participant, message.author_participant_id) if message.author_participant_id else None
    )
    stage = session.get(Stage, message.stage_id) if message.stage_id else None
    card = Card(
        meeting_id=message.meeting_id,
        uuid=message.uuid,
        seq=take_numbers(session, message.meeting_id, 1),
        # Whoever makes it a card has looked at it: that is the approval.
        state="shown",
        text=message.text,
        sent_hash=text_hash(message.text),
        area_id=area_id,
        area_source="staff",
        kind_code="question" if message.kind == "question" and _asks(actor) else None,
        table_id=author.table_id if author else None,
        stage_id=message.stage_id,
        round=stage.round if stage else None,
        channel=author.channel if author else "live",
        author_participant_id=message.author_participant_id,
        author_user_id=message.author_user_id,
        created_at=message.at,
    )
    session.add(card)
    session.flush()
    return card.id


def _asks(actor: Actor) -> bool:
    """Is a question a kind of card in this meeting?"""
    return any(kind.code == "question" for kind in actor.meeting.kinds)
