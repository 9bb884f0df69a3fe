"""The timer of a stage, and the minute of grace after writing ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialog.cards import actions
from dialog.db import utcnow, write
from dialog.errors import Conflict, Forbidden, Invalid
from dialog.facilitation import stage_actions
from dialog.meetings import timer_actions
from dialog.meetings.actor import Actor
from tests.facilitation.moderator import LedMeeting, a_card, a_phone, activities, go_to_stage, reloaded

# --- the timer


def test_stage_with_minutes_starts_the_timer_and_one_without_has_none(led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    before = utcnow()
    go_to_stage(led_meeting, 1)
    now = reloaded(meeting)
    assert before <= (now.stage_began_at or before)
    assert now.stage_ends_at == (now.stage_began_at or before) + timedelta(minutes=20)
    go_to_stage(led_meeting, 2)
    now = reloaded(meeting)
    assert (now.stage_ends_at, now.stage_left) == (None, None)
    assert now.stage_began_at is not None


def test_extend_pressed_twice_extends_once(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    seen, ends = timer_actions.timer_version(reloaded(meeting)), reloaded(meeting).stage_ends_at
    assert ends is not None
    timer_actions.change_timer(user, meeting, "extend", seen, 5)
    with pytest.raises(Conflict):
        timer_actions.change_timer(user, meeting, "extend", seen, 5)
    assert reloaded(meeting).stage_ends_at == ends + timedelta(minutes=5)
    assert activities(meeting) == ["timer.extend"]


def test_extending_an_expired_timer_starts_now(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    with write():
        meeting.stage_ends_at = utcnow() - timedelta(minutes=30)
    before = utcnow()
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(reloaded(meeting)), 1)
    ends = reloaded(meeting).stage_ends_at
    assert ends is not None
    assert before + timedelta(minutes=1) <= ends <= utcnow() + timedelta(minutes=1)


def test_pause_and_resume_keep_the_time_left(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    timer_actions.change_timer(user, meeting, "pause", timer_actions.timer_version(reloaded(meeting)))
    assert reloaded(meeting).stage_ends_at is None
    paused = reloaded(meeting).stage_left or 0
    assert 0 < paused <= 600
    timer_actions.change_timer(user, meeting, "pause", "whatever was seen")
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(reloaded(meeting)), 1)
    left = reloaded(meeting).stage_left or 0
    assert left == paused + 60
    before = utcnow()
    timer_actions.change_timer(user, meeting, "resume", timer_actions.timer_version(reloaded(meeting)))
    timer_actions.change_timer(user, meeting, "resume", "whatever was seen")
    ends = reloaded(meeting).stage_ends_at
    assert ends is not None
    assert ends >= before + timedelta(seconds=left)
    timer_actions.change_timer(user, meeting, "restart", timer_actions.timer_version(reloaded(meeting)))
    again = reloaded(meeting)
    assert again.stage_ends_at == (again.stage_began_at or before) + timedelta(minutes=10)
    assert activities(meeting) == ["timer.pause", "timer.extend", "timer.resume", "timer.restart"]


def test_stage_without_timer_cannot_be_paused_but_extended(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 3)
    for way in ("pause", "resume"):
        with pytest.raises(Invalid):
            timer_actions.change_timer(user, meeting, way, timer_actions.timer_version(reloaded(meeting)))
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(reloaded(meeting)), 5)
    assert reloaded(meeting).stage_ends_at is not None


def test_expired_timer_locks_nothing(led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    with write():
        meeting.stage_ends_at = utcnow() - timedelta(minutes=1)
    assert not a_card(a_phone(meeting)).late


# --- the minute of grace


@pytest.mark.parametrize("how", ["next", "lock"])
def test_card_begun_before_writing_ended_is_accepted_for_a_minute(led_meeting: LedMeeting, how: str) -> None:
    meeting, user = led_meeting
    phone = a_phone(meeting)
    go_to_stage(led_meeting, 1)
    if how == "next":
        go_to_stage(led_meeting, 2)
    else:
        stage_actions.set_lock(user, meeting, True)
    card = a_card(phone)
    assert (card.late, card.round, card.stage_id, card.state) == (True, 2, meeting.stages[1].id, "shown")
    edited = actions.edit_card(phone, card.id, "Ännu fler bänkar", card.seq)
    assert edited.text == "Ännu fler bänkar"
    with write():
        reloaded(meeting).grace_until = utcnow() - timedelta(seconds=1)
    with pytest.raises(Forbidden):
        a_card(phone)
    with pytest.raises(Forbidden):
        actions.edit_card(Actor(reloaded(meeting), participant=phone.participant), card.id, "Nej", edited.seq)


def test_card_belongs_to_the_stage_in_which_the_device_began_it(led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    phone = a_phone(meeting)
    silent, together = meeting.stages[0].id, meeting.stages[1].id
    go_to_stage(led_meeting, 1)
    old, new, odd = a_card(phone, "a", stage=silent), a_card(phone, "b", stage=together), a_card(phone, "c")
    wrong = a_card(phone, "d", stage=2**40)
    assert [(card.late, card.round, card.state) for card in (old, new, odd, wrong)] == [
        (True, 1, "held"),
        (False, 2, "shown"),
        (False, 2, "shown"),
        (False, 2, "shown"),
    ]
    with write():
        reloaded(meeting).grace_until = utcnow() - timedelta(seconds=1)
    assert a_card(phone, "e", stage=silent).round == 2
