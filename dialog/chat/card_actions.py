"""Make a card of a chat message.

The card's author is the one who wrote the message: they find it among their own cards and may change or
withdraw it. Who put it on the wall is in the audit log. The card has the message's UUID, so that there is
only one however often it is asked for.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..cards.models import Card, text_hash
from ..cards.queries import card_rows
from ..meetings.actor import Actor
from ..meetings.models import Participant, Stage
from ..meetings.numbering_actions import take_numbers
from .models import ChatMessage


def create_card(session: Session, actor: Actor, message: ChatMessage, area_id: int | None) -> int:
    """Create the card of *message*, inside the caller's transaction, and return its id."""
    known = card_rows.by_uuid(message.meeting_id, [message.uuid]).get(message.uuid)
    if known is not None:
        return known.id
    author = (
        session.get(Participant, message.author_participant_id) if message.author_participant_id else None
    )
    stage = session.get(Stage, message.stage_id) if message.stage_id else None
    card = Card(
        meeting_id=message.meeting_id,
        uuid=message.uuid,
        seq=take_numbers(session, message.meeting_id, 1),
        # Whoever makes a card of it has read it: that is the approval.
        state="shown",
        text=message.text,
        sent_hash=text_hash(message.text),
        area_id=area_id,
        area_source="staff",
        kind_code="question" if message.kind == "question" and _offers_questions(actor) else None,
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


def _offers_questions(actor: Actor) -> bool:
    """Return whether a question is a kind of card in this meeting."""
    return any(kind.code == "question" for kind in actor.meeting.kinds)
