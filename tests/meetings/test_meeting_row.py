"""The plain rows of a meeting say the same as its objects, whatever state the meeting is in."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Table

from dialog.db import utcnow, write
from dialog.errors import NotFound
from dialog.meetings.meeting_row import read_meeting_row
from dialog.meetings.models import Announcement, Meeting
from dialog.meetings.permissions import accepts_late_cards, ended_at, is_open, sees_others
from dialog.meetings.queries import epoch, meeting_now, stage_now
from dialog.meetings.stages import make_stages
from tests.factories import a_dialogue, a_meeting, a_user


@pytest.mark.parametrize("state", ["planned", "open", "timed", "spoken to", "online", "closed"])
def test_meeting_row_equals_the_meeting_in_every_state(app: Flask, state: str) -> None:
    with app.app_context():
        dialogue = a_dialogue()
        user = a_user(dialogue=dialogue)
        meeting = a_meeting(dialogue, state="planned" if state == "planned" else "open")
        with write() as session:
            meeting = session.get_one(Meeting, meeting.id)
            if state == "timed":
                meeting.stages = make_stages(
                    [{"name": "Runda 1", "action": "collect", "minutes": 20}], ["Vad?"]
                )
                session.flush()
                meeting.stage = meeting.grace_stage = meeting.stages[0]
                meeting.stage_ends_at, meeting.stage_left, meeting.locked = utcnow(), 90, True
                meeting.grace_until = utcnow()
            if state == "spoken to":
                meeting.announcement = Announcement(
                    meeting_id=meeting.id, text="Kaffet är klart.", user_id=user.id
                )
            if state == "online":
                meeting.form, meeting.ends_at = "online", utcnow() - timedelta(hours=1)
            if state == "closed":
                meeting.state, meeting.closed_at, meeting.join_code = "closed", utcnow(), None
        rows, now = read_meeting_row(meeting.id)
        whole = meeting_now(meeting.id)
        for column in cast(Table, Meeting.__table__).c:
            assert getattr(rows, column.name) == getattr(whole, column.name), column.name
        assert stage_now(rows) == stage_now(whole)
        for asked in (is_open, ended_at, sees_others, lambda one: accepts_late_cards(one, 24)):
            assert asked(rows) == asked(whole)
        assert now == epoch()


def test_reading_a_missing_meeting_row_finds_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        read_meeting_row(4711)
