"""Build an open meeting with phones and cards, and lead it by its actions."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from dialog.cards import create_actions
from dialog.cards import queries as cards
from dialog.cards.models import Card
from dialog.db import utcnow, write
from dialog.facilitation import stage_actions
from dialog.meetings import queries, timer_actions
from dialog.meetings.actions import set_tables
from dialog.meetings.actor import Actor
from dialog.meetings.models import Activity, Meeting, Participant, Stage
from dialog.people.models import User
from tests import factories
from tests.live.hall import new_uuid

LedMeeting = tuple[Meeting, User]
STAGES: tuple[dict[str, Any], ...] = (
    {"name": "Tyst", "minutes": 10, "may_write": True, "holds": True, "round": 1},
    {"name": "Runda", "minutes": 20, "may_write": True, "may_see": True, "round": 2},
    {"name": "Prickar", "may_vote": True, "may_see": True},
    {"name": "Slut", "may_see": True},
)


@pytest.fixture
def led_meeting(session: scoped_session[Session]) -> LedMeeting:
    """Return an open meeting with four stages and three tables, and its moderator."""
    meeting = factories.a_meeting()
    with write() as inner:
        meeting.stages = [
            Stage(position=place, action="collect", **values) for place, values in enumerate(STAGES)
        ]
        inner.flush()
        meeting.stage = meeting.stages[0]
        timer_actions.start_timer(meeting, utcnow())
        set_tables(inner, meeting, 3)
    return meeting, factories.a_user("moderator", dialogue=meeting.dialogue)


def a_phone(meeting: Meeting, table: int | None = None, kind: str = "person") -> Actor:
    with write() as inner:
        phone = Participant(meeting_id=meeting.id, token_hash=new_uuid(), kind=kind)
        phone.table_id = meeting.tables[table].id if table is not None else None
        inner.add(phone)
    return Actor(meeting, participant=phone)


def a_card(actor: Actor, text: str = "Fler bänkar", **more: Any) -> Card:
    added = create_actions.add_card(actor, {"uuid": new_uuid(), "text": text, **more})
    return cards.card_rows.get(actor.meeting.id, added.id)


def reloaded(meeting: Meeting) -> Meeting:
    return queries.meeting_now(meeting.id)


def go_to_stage(led_meeting: LedMeeting, place: int) -> None:
    meeting, user = led_meeting
    stage_actions.go_to_stage(user, meeting, meeting.stages[place].id, reloaded(meeting).stage_id)


def activities(meeting: Meeting) -> list[str]:
    with write() as inner:
        found = inner.scalars(select(Activity).where(Activity.meeting_id == meeting.id).order_by(Activity.id))
        return [act.what for act in found if act.undone_at is None]
