"""Stages copied from a method: what each lets people do, its question and its round."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session, scoped_session

from dialog.db import write
from dialog.meetings.actions import create_meeting, start_meeting
from dialog.meetings.stages import DEFAULT_PERMISSIONS, make_stages
from tests import factories


def test_each_collecting_stage_takes_the_next_question_and_round() -> None:
    steps = [
        {"name": "Välkommen", "minutes": 15, "action": "present"},
        {"name": "Runda 1", "minutes": 20, "action": "collect"},
        {"name": "Byt bord", "minutes": 5, "action": "rotate"},
        {"name": "Runda 2", "minutes": 20, "action": "collect"},
        {"name": "Runda 3", "minutes": None, "action": "collect"},
        {"name": "Prickar", "minutes": 10, "action": "vote"},
    ]
    stages = make_stages(steps, ["Vad fungerar?", "Vad saknas?"])
    assert [stage.position for stage in stages] == list(range(6))
    assert [stage.round for stage in stages] == [None, 1, None, 2, 3, None]
    assert [stage.prompt for stage in stages] == ["", "Vad fungerar?", "", "Vad saknas?", "", ""]
    assert [stage.minutes for stage in stages] == [15, 20, 5, 20, None, 10]
    assert [stage.may_write for stage in stages] == [False, True, False, True, True, False]
    assert [stage.may_vote for stage in stages] == [False] * 5 + [True]


@pytest.mark.parametrize("action", DEFAULT_PERMISSIONS)
def test_nobody_votes_where_cards_are_still_written(action: str) -> None:
    write_cards, _see, _move, vote, _chat = DEFAULT_PERMISSIONS[action]
    assert not (write_cards and vote)


def test_every_method_becomes_a_meeting_that_takes_cards(session: scoped_session[Session]) -> None:
    from sqlalchemy import select

    from dialog.dialogues.models import Method

    dialogue = factories.a_dialogue()
    leader = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
    methods = session.scalars(select(Method).where(Method.organisation_id == dialogue.organisation_id)).all()
    assert len(methods) == 17
    for method in methods:
        meeting = create_meeting(leader, dialogue, method, title=method.name_sv)
        assert meeting.stages, method.key
        assert any(stage.may_write for stage in meeting.stages), method.key
        assert meeting.kinds, method.key


@pytest.mark.parametrize(("form", "place"), [("in_person", 0), ("online", 1)])
def test_a_forum_is_open_for_writing_from_its_first_day(
    session: scoped_session[Session], form: str, place: int
) -> None:
    meeting = factories.a_meeting(state="planned", form=form)
    steps = [
        {"name": "Fakta", "minutes": 5, "action": "present"},
        {"name": "Skriv", "minutes": None, "action": "collect"},
    ]
    with write() as inner:
        meeting.stages = make_stages(steps, [])
        inner.flush()
        start_meeting(inner, meeting, factories.utcnow())
    assert meeting.stage is meeting.stages[place]
    assert (meeting.join_code is None) is (form == "online")
