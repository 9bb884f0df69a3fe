"""End hidden writing: reveal the held cards, all of them or those of one table or area."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, select, true
from sqlalchemy.orm import Session

from ..cards.models import Card
from ..cards.queries import card_rows
from ..db import utcnow, write
from ..errors import Conflict
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Meeting
from ..meetings.numbering_actions import renumber
from ..people.models import User

#: Card ids in one query.
BATCH_SIZE = 500


def _in_scope(scope: str, of: int | None) -> ColumnElement[bool]:
    if scope == "table":
        return Card.table_id.is_not_distinct_from(of)
    if scope == "area":
        return Card.area_id.is_not_distinct_from(of)
    return true()


def reveal_cards(user: User, meeting: Meeting, scope: str, of: int | None = None) -> int:
    """Show the held cards and return how many. *of* is the id of the table or area, None for cards without.

    Participants' cards wait for approval where the meeting asks for it. If no card is held, nothing changes.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "planned":
            raise Conflict(message=_("The meeting has not begun."))
        held = (Card.state == "held", _in_scope(scope, of))
        cards = session.scalars(
            select(Card.id).where(Card.meeting_id == meeting.id, *held).order_by(Card.seq)
        ).all()
        if not cards:
            return 0
        by_participant = Card.author_participant_id.is_not(None)
        state = case((by_participant, "pending"), else_="shown") if meeting.approval else "shown"
        renumber(session, card_rows, meeting.id, *held, state=state, changed_at=utcnow())
        record_activity(session, user, meeting, "cards.reveal", scope=scope, of=of, cards=list(cards))
    return len(cards)


def hold_cards_again(session: Session, meeting: Meeting, cards: list[int]) -> int:
    """Undo ``reveal_cards`` inside the caller's transaction, and return how many cards are held again.

    A card that has been changed since stays as it is.
    """
    count, now = 0, utcnow()
    for start in range(0, len(cards), BATCH_SIZE):
        revealed = (Card.id.in_(cards[start : start + BATCH_SIZE]), Card.state.in_(("shown", "pending")))
        count += renumber(session, card_rows, meeting.id, *revealed, state="held", changed_at=now)
    return count
