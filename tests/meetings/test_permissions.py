"""Permissions in a meeting by role, stage and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from dialog.db import utcnow
from dialog.errors import Conflict, Forbidden, Invalid, NotFound
from dialog.joining.actions import join_meeting
from dialog.meetings import actions, queries, seating_actions
from dialog.meetings.actor import Actor
from dialog.meetings.models import Meeting, Participant, Stage
from dialog.meetings.permissions import (
    accepts_late_cards,
    ended_at,
    is_open,
    may_lead,
    may_vote,
    may_write,
    sees_others,
)
from dialog.people.models import User
from tests import factories

pytestmark = pytest.mark.usefixtures("session")
NOW = utcnow()
HOUR = timedelta(hours=1)


def a_meeting(**values: Any) -> Meeting:
    """A meeting that is in no database: permissions ask none."""
    return Meeting(**{"state": "open", "form": "in_person", **values})


@pytest.mark.parametrize(
    ("values", "open_now"),
    [
        ({}, True),
        ({"state": "planned"}, False),
        ({"state": "closed"}, False),
        ({"starts_at": NOW + HOUR}, True),  # in a room it is open when the moderator says so
        ({"form": "online"}, True),
        ({"form": "online", "starts_at": NOW + HOUR}, False),
        ({"form": "online", "ends_at": NOW - HOUR}, False),
        ({"form": "online", "starts_at": NOW - HOUR, "ends_at": NOW + HOUR}, True),
        ({"form": "online", "ends_at": NOW + HOUR, "state": "planned"}, False),
        ({"form": "hybrid", "ends_at": NOW - HOUR}, True),
    ],
)
def test_meeting_is_open_by_state_and_dates(values: dict[str, Any], open_now: bool) -> None:
    assert is_open(a_meeting(**values), NOW) is open_now


@pytest.mark.parametrize(
    ("values", "ended"),
    [
        ({}, None),
        ({"state": "planned", "form": "online", "ends_at": NOW - HOUR}, None),
        ({"state": "closed", "closed_at": NOW - HOUR}, NOW - HOUR),
        ({"form": "online", "ends_at": NOW - HOUR}, NOW - HOUR),
        ({"form": "online", "ends_at": NOW + HOUR}, None),
        ({"form": "in_person", "ends_at": NOW - HOUR}, None),  # an evening may run over
    ],
)
def test_ended_meeting_takes_late_cards_for_its_hours(values: dict[str, Any], ended: Any) -> None:
    meeting = a_meeting(**values)
    assert ended_at(meeting) == ended
    assert accepts_late_cards(meeting, 24, NOW) is (ended is not None)
    assert accepts_late_cards(meeting, 1, NOW + timedelta(minutes=1)) is False


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("vote", [True, False])
@pytest.mark.parametrize("see", [True, False])
def test_the_stage_decides_for_participants_and_not_for_the_staff(write: bool, vote: bool, see: bool) -> None:
    stage = Stage(may_write=write, may_vote=vote, may_see=see)
    meeting = a_meeting(stage=stage)
    somebody, staff, wall = (
        Actor(meeting, participant=Participant()),
        Actor(meeting, user=User()),
        Actor(meeting),
    )
    assert (may_write(somebody), may_write(staff), may_write(wall)) == (write, True, False)
    assert (may_vote(somebody), may_vote(staff), may_vote(wall)) == (vote, False, False)
    assert sees_others(meeting) is see
    closed = Actor(a_meeting(stage=stage, state="closed"), participant=Participant())
    assert not may_write(closed)
    assert not may_vote(closed)


def test_without_stages_everybody_writes_and_sees_and_nobody_votes() -> None:
    somebody = Actor(a_meeting(), participant=Participant())
    assert may_write(somebody)
    assert sees_others(somebody.meeting)
    assert not may_vote(somebody)


def test_only_assigned_staff_and_administrators_lead(session: scoped_session[Session]) -> None:
    dialogue = factories.a_dialogue()
    meeting, here = factories.a_meeting(dialogue), dialogue.organisation
    may = [
        factories.a_user("moderator", here, dialogue=dialogue),
        factories.a_user("official", here, dialogue=dialogue),
        factories.a_user("administrator", here),
    ]
    may_not = [
        factories.a_user("moderator", here),
        factories.a_user("politician", here, dialogue=dialogue),
        factories.a_user("administrator"),
        factories.a_user("moderator", factories.an_organisation(), dialogue=dialogue),  # member elsewhere
        factories.a_user(None, dialogue=dialogue),
        None,
    ]
    assert all(may_lead(user, meeting) for user in may)
    assert [place for place, user in enumerate(may_not) if may_lead(user, meeting)] == []
    for user in may_not:
        with pytest.raises(NotFound):
            queries.meeting_for(user, meeting.id)


def test_nobody_else_opens_closes_removes_or_shows(session: scoped_session[Session]) -> None:
    meeting = factories.a_meeting()
    participant = join_meeting(meeting.id)
    stranger = factories.a_user("administrator")
    acts = [
        lambda: actions.open_meeting(stranger, meeting),
        lambda: seating_actions.remove_participant(stranger, meeting, participant.id),
        lambda: actions.create_display_link(stranger, meeting),
        lambda: actions.revoke_display_links(stranger, meeting),
        lambda: actions.set_attendance(stranger, meeting, 5, "counted", ""),
        lambda: actions.change_meeting(stranger, meeting, title="Kapad"),
        lambda: actions.create_meeting(stranger, meeting.dialogue, None, title="Kapad"),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert factories.reread(meeting).title != "Kapad"
    assert session.get_one(Participant, participant.id).removed_at is None


def test_another_meeting_s_device_cannot_be_removed_from_here(session: scoped_session[Session]) -> None:
    meeting, other = factories.a_meeting(), factories.a_meeting()
    participant = join_meeting(other.id)
    leader = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
    for number in (participant.id, 2**40):
        with pytest.raises(NotFound):
            seating_actions.remove_participant(leader, meeting, number)


def test_a_closed_meeting_stays_closed(session: scoped_session[Session]) -> None:
    meeting = factories.a_meeting(state="closed")
    leader = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
    with pytest.raises(Conflict):
        actions.open_meeting(leader, meeting)
    with pytest.raises(Conflict):
        actions.change_meeting(leader, meeting, title="Nytt")
    with pytest.raises(NotFound):
        join_meeting(meeting.id)


def test_a_table_is_one_of_the_meeting_s_and_stays_while_somebody_sits_there(
    session: scoped_session[Session],
) -> None:
    meeting = factories.a_meeting()
    leader = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
    actions.change_meeting(leader, meeting, tables=3)
    with pytest.raises(Invalid) as refused:
        join_meeting(meeting.id, table_number=4)
    assert set(refused.value.fields) == {"table"}
    tablet = join_meeting(meeting.id, table_number=2)
    assert tablet.kind == "table"
    assert session.get_one(Participant, tablet.id).table_id == meeting.tables[1].id
    with pytest.raises(Invalid):
        actions.change_meeting(leader, meeting, tables=1)
    actions.change_meeting(leader, meeting, tables=2)
    assert [table.number for table in factories.reread(meeting).tables] == [1, 2]
