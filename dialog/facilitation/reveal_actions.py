"""Hidden writing ends: held cards are shown to the room, all of them or those of one table or area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, bindparam, func, select, true, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from ..cards.models import Card
from ..db import db, utcnow, write
from ..errors import Conflict
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Meeting
from ..meetings.numbering_actions import take_numbers
from ..people.models import User
from .activity_labels import table_name

#: Card ids in one question to the database.
TOGETHER = 500

_CARDS = cast(SqlTable, Card.__table__)
_STATE = (
    update(_CARDS)
    .where(_CARDS.c.id == bindparam("card"))
    .values(state=bindparam("new_state"), seq=bindparam("number"), changed_at=bindparam("now"))
)


def _within(scope: str, of: int | None) -> ColumnElement[bool]:
    if scope == "table":
        return Card.table_id.is_not_distinct_from(of)
    if scope == "area":
        return Card.area_id.is_not_distinct_from(of)
    return true()


def reveal(user: User, meeting: Meeting, scope: str, of: int | None = None) -> int:
    """Show what is held; returns how many. *of* is the table's or area's id, None for those without.

    Cards of participants that need approval wait for it from now on. With nothing held nothing changes.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "planned":
            raise Conflict(message=_("The meeting has not begun."))
        held = session.execute(
            select(Card.id, Card.author_participant_id)
            .where(Card.meeting_id == meeting.id, Card.state == "held", _within(scope, of))
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


def hold_again(session: Session, meeting: Meeting, cards: list[int]) -> int:
    """Undo of ``reveal``, inside the caller's transaction: those that are still as it left them are held."""
    found: list[int] = []
    for start in range(0, len(cards), TOGETHER):
        found += session.scalars(
            select(Card.id).where(
                Card.meeting_id == meeting.id,
                Card.id.in_(cards[start : start + TOGETHER]),
                Card.state.in_(("shown", "pending")),
            )
        )
    change_states(session, meeting.id, [(card_id, "held") for card_id in sorted(found)])
    return len(found)


def change_states(session: Session, meeting_id: int, cards: Iterable[tuple[int, str]]) -> None:
    """Give each card its new state and, in this order, a new number: who may see it has changed."""
    wanted = list(cards)
    if not wanted:
        return
    first, now = take_numbers(session, meeting_id, len(wanted)), utcnow()
    rows: list[dict[str, Any]] = [
        {"card": card_id, "new_state": state, "number": first + place, "now": now}
        for place, (card_id, state) in enumerate(wanted)
    ]
    session.connection().execute(_STATE, rows)
    session.expire_all()


def held_piles(meeting: Meeting) -> dict[str, Any]:
    """How many cards are held, in all, by table and by area: for the staff, who choose what to reveal."""
    held = Card.meeting_id == meeting.id, Card.state == "held"

    def piles(column: Any, names: list[tuple[int, str]]) -> list[dict[str, Any]]:
        counts: dict[int | None, int] = dict(
            db.session.execute(select(column, func.count()).where(*held).group_by(column)).all()
        )
        return [{"id": id_, "name": name, "count": counts[id_]} for id_, name in names if id_ in counts]

    return {
        "count": db.session.scalar(select(func.count()).where(*held)) or 0,
        "table": piles(Card.table_id, [(table.id, table_name(table)) for table in meeting.tables]),
        "area": piles(Card.area_id, [(area.id, area.name) for area in meeting.areas]),
    }
