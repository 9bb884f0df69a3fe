"""Every act of a moderator can be undone, and the activity log describes it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dialog.audit.models import AuditEntry
from dialog.cards import actions, moderation_actions, vote_actions
from dialog.cards import queries as cards
from dialog.db import utcnow, write
from dialog.errors import Conflict
from dialog.facilitation import stage_actions
from dialog.facilitation.activity_labels import describe_act
from dialog.facilitation.reveal_actions import reveal_cards
from dialog.facilitation.undo_actions import _UNDO_ACT, undo
from dialog.meetings import timer_actions
from dialog.meetings.actor import Actor
from dialog.meetings.announcement_actions import announce, current_announcements
from dialog.meetings.models import Activity, Meeting
from tests.facilitation.moderator import LedMeeting, a_card, a_phone, activities, go_to_stage, reloaded


def test_undoing_a_stage_restores_its_timer_and_visibility(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    ends = reloaded(meeting).stage_ends_at
    go_to_stage(led_meeting, 1)
    assert undo(user, meeting) is not None
    now = reloaded(meeting)
    assert (now.stage_id, now.stage_ends_at, now.grace_until) == (meeting.stages[0].id, ends, None)
    assert undo(user, meeting) is None, "nothing is left to undo"
    assert activities(meeting) == []


def test_undoing_back_to_a_vote_hides_the_totals(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 1)
    phone = a_phone(meeting)
    card = a_card(phone)
    go_to_stage(led_meeting, 2)
    voter = Actor(reloaded(meeting), participant=phone.participant)
    vote_actions.set_vote(voter, card.id, 2)
    go_to_stage(led_meeting, 3)
    assert cards.card_rows.get(meeting.id, card.id).dots == 2
    undo(user, meeting)
    assert cards.card_rows.get(meeting.id, card.id).dots is None
    assert vote_actions.set_vote(Actor(reloaded(meeting), participant=phone.participant), card.id, 1) == 4


def test_undo_after_a_later_act_on_the_same_thing_is_refused(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 1)
    first = undo_target(meeting)
    timer_actions.change_timer(user, meeting, "extend", timer_actions.timer_version(reloaded(meeting)), 5)
    with pytest.raises(Conflict) as refused:
        undo(user, meeting, first)
    assert "5" in refused.value.message
    undo(user, meeting)
    assert undo(user, meeting, first) is not None
    assert reloaded(meeting).stage_id == meeting.stages[0].id
    again = undo(user, meeting, first)
    assert again is not None, "undoing what is undone changes nothing"


def undo_target(meeting: Meeting) -> int:
    with write() as inner:
        return inner.scalar(select(func.max(Activity.id)).where(Activity.meeting_id == meeting.id)) or 0


def test_every_act_on_a_card_is_undone(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 1)
    staff = Actor(meeting, user=user)
    card = a_card(a_phone(meeting))
    home = card.area_id
    card = actions.move_card(staff, card.id, meeting.areas[1].id, card.seq)
    card = moderation_actions.hide_card(staff, card.id, "dubblett", card.seq)
    card = moderation_actions.restore_card(staff, card.id, card.seq)
    seen = card.seq
    for state, area in (("hidden", meeting.areas[1].id), ("shown", meeting.areas[1].id), ("shown", home)):
        undo(user, meeting)
        card = cards.card_rows.get(meeting.id, card.id)
        assert (card.state, card.area_id, card.seq > seen) == (state, area, True)
        seen = card.seq
    assert activities(meeting) == ["meeting.stage"]


def test_undo_does_not_restore_a_card_that_its_author_withdrew(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 1)
    phone = a_phone(meeting)
    card = a_card(phone)
    card = actions.move_card(Actor(meeting, user=user), card.id, meeting.areas[1].id, card.seq)
    actions.withdraw_card(phone, card.id, card.seq)
    with pytest.raises(Conflict):
        undo(user, meeting)
    assert cards.card_rows.get(meeting.id, card.id).state == "withdrawn"


def test_lock_display_announcement_and_reveal_are_undone(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    card = a_card(a_phone(meeting))
    stage_actions.set_lock(user, meeting, True)
    stage_actions.set_lock(user, meeting, True)
    stage_actions.set_display(user, meeting, "wall")
    announce(user, meeting, "Först")
    announce(user, meeting, "Sedan")
    reveal_cards(user, meeting, "all")
    assert activities(meeting) == ["lock.on", "display.show", "message.say", "message.say", "cards.reveal"]
    undo(user, meeting)
    assert cards.card_rows.get(meeting.id, card.id).state == "held"
    undo(user, meeting)
    assert [said.text for said in current_announcements(meeting.id)] == ["Först"]
    undo(user, meeting)
    assert current_announcements(meeting.id) == []
    undo(user, meeting)
    assert reloaded(meeting).display == "auto"
    undo(user, meeting)
    assert reloaded(meeting).locked is False


def test_undoing_a_close_opens_the_meeting_again(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    code = meeting.join_code
    stage_actions.close_meeting(user, meeting)
    stage_actions.close_meeting(user, meeting)
    assert reloaded(meeting).join_code is None
    undo(user, meeting)
    now = reloaded(meeting)
    assert now.state == "open"
    assert now.stage_ends_at is not None
    assert now.join_code not in (None, code)
    stage_actions.close_meeting(user, meeting)
    with write():
        reloaded(meeting).closed_at = utcnow() - timedelta(days=2)
    with pytest.raises(Conflict):
        undo(user, meeting)


def test_activity_log_never_quotes_what_somebody_wrote(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    go_to_stage(led_meeting, 1)
    card = a_card(a_phone(meeting), "Hemligt om grannen")
    card = moderation_actions.hide_card(Actor(meeting, user=user), card.id, "pekar ut en granne", card.seq)
    announce(user, meeting, "Nu tar vi paus")
    undo(user, meeting)
    with write() as inner:
        found = list(inner.scalars(select(Activity).where(Activity.meeting_id == meeting.id)))
        kept = json.dumps([act.details for act in found])
        trail = inner.scalars(select(AuditEntry.details)).all()
        words = [describe_act(act, meeting) for act in found]
    assert all(words)
    assert all(act.what in _UNDO_ACT for act in found), "nothing is done that cannot be undone"
    for secret in ("granne", "paus"):
        assert secret not in kept + json.dumps(list(trail)) + " ".join(words)
