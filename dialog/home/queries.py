"""Find what the public start page shows of all organisations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ..areas.models import FocusArea
from ..db import db
from ..dialogues.models import Dialogue, DialogueArea
from ..people.models import Organisation

#: States in which a dialogue is under way in public: asked for, and not yet answered.
UNDER_WAY = ("invited", "running", "collected", "analysis", "report", "decision")


def only_organisation() -> Organisation | None:
    """Return the organisation of this installation; None when several share it."""
    organisations = list(db.session.scalars(select(Organisation).limit(2)))
    return organisations[0] if len(organisations) == 1 else None


def dialogues_under_way() -> list[Dialogue]:
    """Return the dialogues under way, the next decision first."""
    query = (
        select(Dialogue)
        .options(
            joinedload(Dialogue.organisation),
            selectinload(Dialogue.chosen_areas).joinedload(DialogueArea.area),
        )
        .where(Dialogue.state.in_(UNDER_WAY))
        .order_by(Dialogue.decision_date.is_(None), Dialogue.decision_date, Dialogue.id.desc())
    )
    return list(db.session.scalars(query))


def active_areas() -> list[FocusArea]:
    """Return the active focus areas in their organisations' order."""
    query = (
        select(FocusArea)
        .options(selectinload(FocusArea.responsible))
        .where(FocusArea.status == "active")
        .order_by(FocusArea.organisation_id, FocusArea.position, FocusArea.id)
    )
    return list(db.session.scalars(query))
