"""Each of the 17 methods becomes a meeting that can be led from its first stage to its last."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues import method_library
from dialog.dialogues.models import Method
from dialog.dialogues.stage_rules import PERMISSIONS, stage_permissions
from dialog.facilitation.stage_actions import go_to_stage
from dialog.meetings import actions
from dialog.meetings.models import Meeting
from dialog.meetings.queries import stage_now
from dialog.people.models import User
from tests import factories
from tests.pages import PageClient

#: What each stage that asks something asks; the others ask the question of the meeting.
ASKED = {
    "cafedialog": {
        1: "Vad är viktigt för dig här?",
        3: "Vad skulle göra störst skillnad?",
        5: "Vilket förslag vill ert bord lämna till politikerna?",
    },
    "fokusgrupp": {1: "Berätta om senaste gången du …", 2: "Vad fungerar bra, och vad saknas?"},
    "radslag": {1: "Vad talar för, och vad talar emot?", 2: "Vad vill du fråga de sakkunniga?"},
    "prioriteringsseminarium": {
        1: "Vilket är problemet, för vem, och hur vet vi det?",
        3: "Hur lyder problemet, i en enda mening?",
    },
    "e_dialog": {1: "Vad tycker du, och vad saknar du?", 2: "Vad vill du fråga politikerna?"},
}
TEMPLATES = {template.key: template for template in method_library.templates()}


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_meeting_made_with_it_is_led_to_its_end(app: Flask, client: PageClient, key: str) -> None:
    template = TEMPLATES[key]
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        client.sign_in(user)
        number, user_id = dialogue.id, user.id
    planned = {
        "title": "Träff",
        "form": "online" if template.online else "in_person",
        "place": "Biblioteket",
        "day": "2026-10-24",
        "begins": "18:30",
        "last_day": "2026-11-24" if template.online else "",
        "ends": "21:00",
        "method": key,
        "tables": "0",
        "dots": "5",
    }
    answer = client.submit(f"/dialogues/{number}/meetings/new", planned)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    for words in (*template.roles, *(stage["name"] for stage in template.stages)):
        assert words in page, words
    with app.app_context():
        meeting = db.session.get(Meeting, int(answer.location.rpartition("/")[2]))
        leader = db.session.get(User, user_id)
        assert meeting is not None
        assert leader is not None
        assert meeting.roles == template.roles
        assert [kind.code for kind in meeting.kinds] == template.kinds
        assert [(s.name, s.minutes, s.action) for s in meeting.stages] == [
            (stage["name"], stage["minutes"], stage["action"]) for stage in template.stages
        ]
        for stage, step in zip(meeting.stages, template.stages, strict=True):
            may = [name for name in PERMISSIONS if getattr(stage, f"may_{name}")]
            assert may == stage_permissions(step), stage.name
            assert stage.holds is step.get("holds", False)
        actions.open_meeting(leader, meeting)
        for stage in meeting.stages:
            go_to_stage(leader, meeting, stage.id, meeting.stage_id)
            told = stage_now(meeting)
            assert (told.id, told.name, told.minutes) == (stage.id, stage.name, stage.minutes)
            assert told.prompt, "something is always asked"


@pytest.mark.parametrize("key", TEMPLATES)
def test_its_questions_land_where_they_belong_and_none_is_lost(app: Flask, key: str) -> None:
    template = TEMPLATES[key]
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        method = db.session.scalar(
            select(Method).where(Method.key == key, Method.organisation_id == dialogue.organisation_id)
        )
        meeting = actions.create_meeting(user, dialogue, method, title="Träff", form="in_person")
        asked = {place: stage.prompt for place, stage in enumerate(meeting.stages) if stage.prompt}
        follow_ups = [line for stage in meeting.stages for line in stage.follow_ups.splitlines()]
        assert {*asked.values(), *follow_ups} == set(template.prompts)
        assert all(meeting.stages[place].may_write for place in asked)
        assert asked == ASKED.get(key, asked)
