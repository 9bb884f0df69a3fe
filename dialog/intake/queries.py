"""Intakes that were made before, and what the meeting's cards already say."""

from __future__ import annotations

from sqlalchemy import select

from ..cards.models import Card
from ..cards.queries import OWN_STATES
from ..db import db
from ..errors import NotFound
from ..meetings.models import Activity, Meeting
from .column_names import normalise
from .preview_rows import CHANNELS

#: The name of an intake in the meeting's activity log.
INTAKE_ACTIVITY = "cards.intake"


def get_intake(meeting: Meeting, act_id: int) -> Activity:
    """Return the intake with this number in *meeting*; raises ``NotFound`` when there is none."""
    act = db.session.get(Activity, act_id)
    if act is None or act.meeting_id != meeting.id or act.what != INTAKE_ACTIVITY:
        raise NotFound
    return act


def list_intakes(meeting: Meeting, max_count: int = 20) -> list[Activity]:
    """Return the meeting's latest intakes that brought a card, the newest first."""
    query = (
        select(Activity)
        .where(Activity.meeting_id == meeting.id, Activity.what == INTAKE_ACTIVITY)
        .order_by(Activity.id.desc())
    )
    return [act for act in db.session.scalars(query.limit(max_count)) if act.details["cards"]]


def texts_on_wall(meeting: Meeting) -> tuple[dict[str, bool], set[str]]:
    """Return the normalised texts of the meeting's cards, and the UUIDs of the cards.

    The value of a text is True if a card with it came from paper or an interview.
    """
    query = select(Card.text, Card.channel, Card.uuid).where(
        Card.meeting_id == meeting.id, Card.state.in_(OWN_STATES)
    )
    texts: dict[str, bool] = {}
    uuids = set()
    for text, channel, uuid in db.session.execute(query):
        compared = normalise(text) or text
        texts[compared] = texts.get(compared, False) or channel in CHANNELS
        uuids.add(uuid)
    return texts, uuids
