"""Find focus areas, scoped to the user or the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ..db import db
from ..errors import NotFound
from ..people.models import Membership, User
from .models import COLOURS, FocusArea


def areas_of(organisation_id: int, *, ended: bool = True) -> list[FocusArea]:
    """Return the organisation's areas in its own order, ended ones last."""
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
    """Return an area of an organisation where *user* is a member; raise ``NotFound`` for all others."""
    own = select(Membership.organisation_id).where(Membership.user_id == user.id)
    area = db.session.scalar(
        select(FocusArea)
        .options(selectinload(FocusArea.responsible))
        .where(FocusArea.id == area_id, FocusArea.organisation_id.in_(own))
    )
    if area is None:
        raise NotFound
    return area


def next_place(organisation_id: int) -> tuple[int, int]:
    """Return position and colour for a new area: the last position, and the least used colour."""
    rows = db.session.execute(
        select(FocusArea.colour, func.count(FocusArea.id), func.max(FocusArea.position))
        .where(FocusArea.organisation_id == organisation_id)
        .group_by(FocusArea.colour)
    ).all()
    used = {colour: count for colour, count, _position in rows}
    position = max((position for _colour, _count, position in rows), default=0) + 1
    return position, min(range(1, COLOURS + 1), key=lambda colour: used.get(colour, 0))


def area_colour_rules(organisation_id: int) -> Iterable[str]:
    """Return the CSS rules that give each area of the organisation its colour."""
    rows = db.session.execute(
        select(FocusArea.id, FocusArea.colour)
        .where(FocusArea.organisation_id == organisation_id)
        .order_by(FocusArea.id)
    )
    return [f".area-{number}{{--area:var(--area-{colour})}}" for number, colour in rows]
