"""Counts of held cards, for the moderator who chooses what to reveal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ..cards.models import Card
from ..db import db
from ..meetings.models import Meeting
from .activity_labels import table_name


def held_piles(meeting: Meeting) -> dict[str, Any]:
    """Return how many cards are held in all (``count``), by ``table`` and by ``area``."""
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
