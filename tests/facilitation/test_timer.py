"""Leading an evening by its actions: the time of a stage, and the minute after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialog.cards import actions
from dialog.db import utcnow, write
from dialog.errors import Conflict, Forbidden, Invalid
from dialog.facilitation import stage_actions
from dialog.meetings import timer_actions
from dialog.meetings.actor import Actor
from tests.facilitation.moderator import Here, a_card, a_phone, acts, fresh, go

# --- the timer


def test_a_stage_with_minutes_begins_its_time_and_one_without_has_none(here: Here) -> None:
    meeting, _user = here
    before = utcnow()
    go(here, 1)
    now = fresh(meeting)
    assert before <= (now.stage_began_at or before)
    assert now.stage_ends_at == (now.stage_began_at or before) + timedelta(minutes=20)
    go(here, 2)
    now = fresh(meeting)
    assert (now.stage_ends_at, now.stage_left) == (None, None)
    assert now.stage_began_at is not None


def test_extend_pressed_twice_extends_once(here: Here) -> None:
    meeting, user = here
    seen, ends = timer_actions.timer_version(fresh(meeting)), fresh(meeting).stage_ends_at
    assert ends is not None
    timer_actions.change_timer(user, meeting, "extend", seen, 5)
    with pytest.raises(Conflict):
        timer_actions.change_timer(user, meeting, "extend", seen, 5)
    assert fresh(meeting).stage_ends_at == ends + timedelta(minutes=5)
    assert acts(meeting) == ["timer.extend"]


def test_extending_what_is_over_begins_now(here: Here) -> None:
    meeting, user = here
    with write():
        meeting.stage_ends_at = utcnow() - timedelta(minutes=30)
    before = utcnow()
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(fresh(meeting)), 1)
    ends = fresh(meeting).stage_ends_at
    assert ends is not None
    assert before + timedelta(minutes=1) <= ends <= utcnow() + timedelta(minutes=1)


def test_pause_and_resume_keep_what_is_left(here: Here) -> None:
    meeting, user = here
    timer_actions.change_timer(user, meeting, "pause", timer_actions.timer_version(fresh(meeting)))
    assert fresh(meeting).stage_ends_at is None
    paused = fresh(meeting).stage_left or 0
    assert 0 < paused <= 600
    timer_actions.change_timer(user, meeting, "pause", "whatever was seen")
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(fresh(meeting)), 1)
    left = fresh(meeting).stage_left or 0
    assert left == paused + 60
    before = utcnow()
    timer_actions.change_timer(user, meeting, "resume", timer_actions.timer_version(fresh(meeting)))
    timer_actions.change_timer(user, meeting, "resume", "whatever was seen")
    ends = fresh(meeting).stage_ends_at
    assert ends is not None
    assert ends >= before + timedelta(seconds=left)
    timer_actions.change_timer(user, meeting, "restart", timer_actions.timer_version(fresh(meeting)))
    again = fresh(meeting)
    assert again.stage_ends_at == (again.stage_began_at or before) + timedelta(minutes=10)
    assert acts(meeting) == ["timer.pause", "timer.extend", "timer.resume", "timer.restart"]


def test_a_stage_without_time_has_none_to_pause_but_can_be_given_some(here: Here) -> None:
    meeting, user = here
    go(here, 3)
    for way in ("pause", "resume"):
        with pytest.raises(Invalid):
            timer_actions.change_timer(user, meeting, way, timer_actions.timer_version(fresh(meeting)))
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(fresh(meeting)), 5)
    assert fresh(meeting).stage_ends_at is not None


def test_time_that_is_up_locks_nothing(here: Here) -> None:
    meeting, _user = here
    with write():
        meeting.stage_ends_at = utcnow() - timedelta(minutes=1)
    assert not a_card(a_phone(meeting)).late


# --- the minute after


@pytest.mark.parametrize("how", ["next", "lock"])
def test_a_card_begun_before_writing_ended_is_taken_for_a_minute(here: Here, how: str) -> None:
    meeting, user = here
    phone = a_phone(meeting)
    go(here, 1)
    if how == "next":
        go(here, 2)
    else:
        stage_actions.set_lock(user, meeting, True)
    card = a_card(phone)
    assert (card.late, card.round, card.stage_id, card.state) == (True, 2, meeting.stages[1].id, "shown")
    edited = actions.edit_card(phone, card.id, "Ännu fler bänkar", card.seq)
    assert edited.text == "Ännu fler bänkar"
    with write():
        fresh(meeting).grace_until = utcnow() - timedelta(seconds=1)
    with pytest.raises(Forbidden):
        a_card(phone)
    with pytest.raises(Forbidden):
        actions.edit_card(Actor(fresh(meeting), participant=phone.participant), card.id, "Nej", edited.seq)


def test_between_two_writing_stages_the_device_says_where_it_began(here: Here) -> None:
    meeting, _user = here
    phone = a_phone(meeting)
    silent, together = meeting.stages[0].id, meeting.stages[1].id
    go(here, 1)
    old, new, odd = a_card(phone, "a", stage=silent), a_card(phone, "b", stage=together), a_card(phone, "c")
    wrong = a_card(phone, "d", stage=2**40)
    assert [(card.late, card.round, card.state) for card in (old, new, odd, wrong)] == [
        (True, 1, "held"),
        (False, 2, "shown"),
        (False, 2, "shown"),
        (False, 2, "shown"),
    ]
    with write():
        fresh(meeting).grace_until = utcnow() - timedelta(seconds=1)
    assert a_card(phone, "e", stage=silent).round == 2
