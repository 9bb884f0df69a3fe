"""The wall as a page first shows it: a column for each area, the newest cards on top."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ..areas.models import FocusArea
from ..db import db
from ..meetings.models import Meeting
from .models import Card
from .queries import Drawing


def columns(meeting: Meeting, drawing: Drawing, per_area: int) -> list[dict[str, Any]]:
    """Each area with its number of shown cards and the newest of them; last, the cards of no area.

    At most *per_area* cards of an area are drawn, so the cost does not grow with the wall.
    """
    shown = (Card.meeting_id == meeting.id, Card.state == "shown")
    numbers = select(Card.area_id, func.count()).where(*shown).group_by(Card.area_id)
    counts: dict[int | None, int] = dict(db.session.execute(numbers).all())
    place = func.row_number().over(partition_by=Card.area_id, order_by=Card.id.desc()).label("place")
    newest = select(Card.id, place).where(*shown).subquery()
    query = (
        select(Card)
        .join(newest, newest.c.id == Card.id)
        .where(newest.c.place <= per_area)
        .order_by(Card.id.desc())
    )
    piles: dict[int | None, list[Card]] = {}
    for card in db.session.scalars(query):
        piles.setdefault(card.area_id, []).append(card)
    return [
        {
            "area": area,
            "count": counts.get(area.id if area else None, 0),
            "cards": [drawing.context(card) for card in piles.get(area.id if area else None, [])],
        }
        for area in [*meeting.areas, *_no_longer_chosen(meeting, counts), None]
    ]


def _no_longer_chosen(meeting: Meeting, counts: dict[int | None, int]) -> list[FocusArea]:
    """Areas taken out of the dialogue after somebody had written in them: their cards stay in view."""
    gone = {area for area in counts if area is not None} - {area.id for area in meeting.areas}
    if not gone:
        return []
    return list(db.session.scalars(select(FocusArea).where(FocusArea.id.in_(gone)).order_by(FocusArea.id)))
