"""Count the cards of each stage, which planning needs before a stage is removed."""

from __future__ import annotations

from sqlalchemy import func, select

from ..db import db
from .models import Card


def count_cards_by_stage(meeting_id: int) -> dict[int, int]:
    """Return the number of cards by stage id, in any state. Stages without cards are left out."""
    query = (
        select(Card.stage_id, func.count())
        .where(Card.meeting_id == meeting_id, Card.stage_id.is_not(None))
        .group_by(Card.stage_id)
    )
    return {stage_id: count for stage_id, count in db.session.execute(query) if stage_id is not None}
