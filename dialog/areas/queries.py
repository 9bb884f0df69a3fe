"""Finding focus areas through the person who asks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ..db import db
from ..errors import NotFound
from ..people.models import Membership, User
from .models import COLOURS, FocusArea


def areas_of(organisation_id: int, *, ended: bool = True) -> list[FocusArea]:
    """The organisation's areas in its own order, those that ended last."""
    query = (
        select(FocusArea)
        .options(selectinload(FocusArea.responsible))
        .where(FocusArea.organisation_id == organisation_id)
        .order_by(FocusArea.status == "ended", FocusArea.position, FocusArea.name)
    )
    if not ended:
        query = query.where(FocusArea.status != "ended")
    return list(db.session.scalars(query))


def area_for(user: User, area_id: int) -> FocusArea:
    """An area of an organisation where *user* is a member; to others it does not exist."""
    mine = select(Membership.organisation_id).where(Membership.user_id == user.id)
    area = db.session.scalar(
        select(FocusArea)
        .options(selectinload(FocusArea.responsible))
        .where(FocusArea.id == area_id, FocusArea.organisation_id.in_(mine))
    )
    if area is None:
        raise NotFound
    return area


def next_place(organisation_id: int) -> tuple[int, int]:
    """Position and colour for a new area: last, and the colour that is used least."""
    rows = db.session.execute(
        select(FocusArea.colour, func.count(FocusArea.id), func.max(FocusArea.position))
        .where(FocusArea.organisation_id == organisation_id)
        .group_by(FocusArea.colour)
    ).all()
    used = {colour: count for colour, count, _position in rows}
    position = max((position for _colour, _count, position in rows), default=0) + 1
    return position, min(range(1, COLOURS + 1), key=lambda colour: used.get(colour, 0))


def area_colour_rules(organisation_id: int) -> Iterable[str]:
    """For the organisation's style sheet: which of the area colours each area has."""
    rows = db.session.execute(
        select(FocusArea.id, FocusArea.colour)
        .where(FocusArea.organisation_id == organisation_id)
        .order_by(FocusArea.id)
    )
    return [f".area-{number}{{--area:var(--area-{colour})}}" for number, colour in rows]
