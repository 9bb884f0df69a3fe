"""End hidden writing: reveal the held cards, all of them or those of one table or area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, bindparam, select, true, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from ..cards.models import Card
from ..db import utcnow, write
from ..errors import Conflict
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Meeting
from ..meetings.numbering_actions import take_numbers
from ..people.models import User

#: Card ids in one query.
BATCH_SIZE = 500

_CARDS = cast(SqlTable, Card.__table__)
_CHANGE_STATE = (
    update(_CARDS)
    .where(_CARDS.c.id == bindparam("card"))
    .values(state=bindparam("new_state"), seq=bindparam("number"), changed_at=bindparam("now"))
)


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
        held = session.execute(
            select(Card.id, Card.author_participant_id)
            .where(Card.meeting_id == meeting.id, Card.state == "held", _in_scope(scope, of))
            .order_by(Card.seq)
        ).all()
        if not held:
            return 0
        change_states(
            session,
            meeting.id,
            [
                (row.id, "pending" if meeting.approval and row.author_participant_id else "shown")
                for row in held
            ],
        )
        record_activity(
            session, user, meeting, "cards.reveal", scope=scope, of=of, cards=[row.id for row in held]
        )
    return len(held)


def hold_cards_again(session: Session, meeting: Meeting, cards: list[int]) -> int:
    """Undo ``reveal_cards`` inside the caller's transaction, and return how many cards are held again.

    A card that has been changed since stays as it is.
    """
    found: list[int] = []
    for start in range(0, len(cards), BATCH_SIZE):
        found += session.scalars(
            select(Card.id).where(
                Card.meeting_id == meeting.id,
                Card.id.in_(cards[start : start + BATCH_SIZE]),
                Card.state.in_(("shown", "pending")),
            )
        )
    change_states(session, meeting.id, [(card_id, "held") for card_id in sorted(found)])
    return len(found)


def change_states(session: Session, meeting_id: int, cards: Iterable[tuple[int, str]]) -> None:
    """Give each card its new state and, in this order, a new number, because who may see it has changed."""
    wanted = list(cards)
    if not wanted:
        return
    first, now = take_numbers(session, meeting_id, len(wanted)), utcnow()
    rows: list[dict[str, Any]] = [
        {"card": card_id, "new_state": state, "number": first + place, "now": now}
        for place, (card_id, state) in enumerate(wanted)
    ]
    session.connection().execute(_CHANGE_STATE, rows)
    session.expire_all()
