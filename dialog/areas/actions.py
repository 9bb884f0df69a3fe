"""Create and change focus areas."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import write
from ..errors import Invalid, require
from ..people.models import Organisation, User
from . import queries
from .models import AreaResponsible, FocusArea
from .permissions import may_edit


def add_area(
    actor: User, organisation: Organisation, *, name: str, responsible: list[str], **more: Any
) -> FocusArea:
    """Add an area to *organisation*; raise ``Invalid`` when the name is taken."""
    with write() as session:
        require(may_edit(actor, organisation.id))
        area = FocusArea(organisation_id=organisation.id)
        _set_columns(session, area, name, responsible, more)
        session.add(area)
        record(session, actor, "area.create", area, organisation_id=organisation.id)
    return area


def change_area(actor: User, area_id: int, *, name: str, responsible: list[str], **more: Any) -> FocusArea:
    """Change an area. It keeps its id, so cards and reports still refer to it."""
    with write() as session:
        area = queries.area_for(actor, area_id)
        require(may_edit(actor, area.organisation_id))
        _set_columns(session, area, name, responsible, more)
        record(session, actor, "area.change", area, organisation_id=area.organisation_id)
    return area


def _set_columns(
    session: Session, area: FocusArea, name: str, responsible: list[str], more: dict[str, Any]
) -> None:
    taken = select(FocusArea.id).where(
        FocusArea.organisation_id == area.organisation_id, FocusArea.name == name
    )
    if area.id is not None:
        taken = taken.where(FocusArea.id != area.id)
    if session.scalar(taken) is not None:
        raise Invalid({"name": _("There is already an area with this name.")})
    area.name = name
    for column, value in more.items():
        setattr(area, column, value)
    if [party.name for party in area.responsible] != responsible:
        area.responsible = [
            AreaResponsible(name=party, position=place) for place, party in enumerate(responsible)
        ]
