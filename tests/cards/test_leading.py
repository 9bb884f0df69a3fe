"""Leading an evening by its actions: time, lock, hidden writing, messages, tables, and taking it back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from dialog.audit.models import AuditEntry
from dialog.cards import actions, adding, running
from dialog.cards import queries as cards
from dialog.cards.acts_in_words import in_words
from dialog.cards.models import Card
from dialog.cards.revealing import reveal
from dialog.cards.undoing import _WAYS, undo
from dialog.db import utcnow, write
from dialog.errors import Conflict, Forbidden, Invalid, NotFound
from dialog.meetings import queries, timer
from dialog.meetings.actions import set_tables
from dialog.meetings.actor import Actor
from dialog.meetings.announcing import end_message, say, standing_messages
from dialog.meetings.models import Act, Meeting, Participant, Stage
from dialog.meetings.placing import evened, mixed, place_device, remove_participant, spread_devices
from dialog.people.models import User
from tests import factories
from tests.live.hall import new_uuid

Here = tuple[Meeting, User]
STAGES: tuple[dict[str, Any], ...] = (
    {"name": "Tyst", "minutes": 10, "may_write": True, "holds": True, "round": 1},
    {"name": "Runda", "minutes": 20, "may_write": True, "may_see": True, "round": 2},
    {"name": "Prickar", "may_vote": True, "may_see": True},
    {"name": "Slut", "may_see": True},
)


@pytest.fixture
def here(session: scoped_session[Session]) -> Here:
    """An open meeting with four stages and three tables, and who leads it."""
    meeting = factories.a_meeting()
    with write() as inner:
        meeting.stages = [
            Stage(position=place, action="collect", **values) for place, values in enumerate(STAGES)
        ]
        inner.flush()
        meeting.stage = meeting.stages[0]
        timer.start(meeting, utcnow())
        set_tables(inner, meeting, 3)
    return meeting, factories.a_user("moderator", dialogue=meeting.dialogue)


def a_phone(meeting: Meeting, table: int | None = None, kind: str = "person") -> Actor:
    with write() as inner:
        phone = Participant(meeting_id=meeting.id, token_hash=new_uuid(), kind=kind)
        phone.table_id = meeting.tables[table].id if table is not None else None
        inner.add(phone)
    return Actor(meeting, participant=phone)


def a_card(actor: Actor, text: str = "Fler bänkar", **more: Any) -> Card:
    added = adding.add_card(actor, {"uuid": new_uuid(), "text": text, **more})
    return cards.card_in(queries.meeting_now(actor.meeting.id), added.id)


def fresh(meeting: Meeting) -> Meeting:
    return queries.meeting_now(meeting.id)


def go(here: Here, place: int) -> None:
    meeting, user = here
    running.go_to_stage(user, meeting, meeting.stages[place].id, fresh(meeting).stage_id)


def acts(meeting: Meeting) -> list[str]:
    with write() as inner:
        found = inner.scalars(select(Act).where(Act.meeting_id == meeting.id).order_by(Act.id))
        return [act.what for act in found if act.undone_at is None]


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
    seen, ends = timer.seen(fresh(meeting)), fresh(meeting).stage_ends_at
    assert ends is not None
    timer.change_timer(user, meeting, "extend", seen, 5)
    with pytest.raises(Conflict):
        timer.change_timer(user, meeting, "extend", seen, 5)
    assert fresh(meeting).stage_ends_at == ends + timedelta(minutes=5)
    assert acts(meeting) == ["timer.extend"]


def test_extending_what_is_over_begins_now(here: Here) -> None:
    meeting, user = here
    with write():
        meeting.stage_ends_at = utcnow() - timedelta(minutes=30)
    before = utcnow()
    timer.change_timer(user, meeting, "extend", timer.seen(fresh(meeting)), 1)
    ends = fresh(meeting).stage_ends_at
    assert ends is not None
    assert before + timedelta(minutes=1) <= ends <= utcnow() + timedelta(minutes=1)


def test_pause_and_resume_keep_what_is_left(here: Here) -> None:
    meeting, user = here
    timer.change_timer(user, meeting, "pause", timer.seen(fresh(meeting)))
    assert fresh(meeting).stage_ends_at is None
    paused = fresh(meeting).stage_left or 0
    assert 0 < paused <= 600
    timer.change_timer(user, meeting, "pause", "whatever was seen")
    timer.change_timer(user, meeting, "extend", timer.seen(fresh(meeting)), 1)
    left = fresh(meeting).stage_left or 0
    assert left == paused + 60
    before = utcnow()
    timer.change_timer(user, meeting, "resume", timer.seen(fresh(meeting)))
    timer.change_timer(user, meeting, "resume", "whatever was seen")
    ends = fresh(meeting).stage_ends_at
    assert ends is not None
    assert ends >= before + timedelta(seconds=left)
    timer.change_timer(user, meeting, "restart", timer.seen(fresh(meeting)))
    again = fresh(meeting)
    assert again.stage_ends_at == (again.stage_began_at or before) + timedelta(minutes=10)
    assert acts(meeting) == ["timer.pause", "timer.extend", "timer.resume", "timer.restart"]


def test_a_stage_without_time_has_none_to_pause_but_can_be_given_some(here: Here) -> None:
    meeting, user = here
    go(here, 3)
    for way in ("pause", "resume"):
        with pytest.raises(Invalid):
            timer.change_timer(user, meeting, way, timer.seen(fresh(meeting)))
    timer.change_timer(user, meeting, "extend", timer.seen(fresh(meeting)), 5)
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
        running.set_lock(user, meeting, True)
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


# --- hidden writing


def test_what_is_written_in_hiding_is_held_and_revealed_in_its_order(here: Here) -> None:
    meeting, user = here
    phone, other = a_phone(meeting), a_phone(meeting)
    mine, theirs = a_card(phone, "Mitt"), a_card(other, "Deras")
    assert {mine.state, theirs.state} == {"held"}
    go(here, 1)
    seen = {card.id for card in cards.snapshot(Actor(fresh(meeting), participant=phone.participant))[0]}
    assert seen == {mine.id}, "moving on reveals nothing"
    head = fresh(meeting).seq
    assert reveal(user, meeting, "all") == 2
    assert reveal(user, meeting, "all") == 0, "pressed twice"
    first, second = (cards.card_in(fresh(meeting), card.id) for card in (mine, theirs))
    assert [(card.state, card.seq) for card in (first, second)] == [("shown", head + 1), ("shown", head + 2)]
    assert fresh(meeting).seq == head + 2


def test_revealing_by_table_and_by_area(here: Here) -> None:
    meeting, user = here
    area = meeting.areas[0].id
    at_one, at_two, nowhere = a_phone(meeting, 0), a_phone(meeting, 1), a_phone(meeting)
    one, two, three = a_card(at_one), a_card(at_two, area=area), a_card(nowhere)

    def states() -> list[str]:
        meeting_now = fresh(meeting)
        return [cards.card_in(meeting_now, card.id).state for card in (one, two, three)]

    assert reveal(user, meeting, "table", meeting.tables[0].id) == 1
    assert states() == ["shown", "held", "held"]
    assert reveal(user, meeting, "area", area) == 1
    assert states() == ["shown", "shown", "held"]
    assert reveal(user, meeting, "table", None) == 1
    assert states() == ["shown", "shown", "shown"]


def test_revealed_cards_that_need_approval_wait_for_it(here: Here) -> None:
    meeting, user = here
    with write():
        meeting.approval = True
    phone = a_phone(meeting)
    theirs, typed = a_card(phone), a_card(Actor(meeting, user=user), "Från ett papper")
    assert {theirs.state, typed.state} == {"held"}
    reveal(user, meeting, "all")
    states = [cards.card_in(fresh(meeting), card.id).state for card in (theirs, typed)]
    assert states == ["pending", "shown"]


def test_a_held_card_is_edited_withdrawn_moved_and_hidden_like_any_other(here: Here) -> None:
    meeting, user = here
    phone, staff = a_phone(meeting), Actor(meeting, user=user)
    card = a_card(phone)
    card = actions.edit_card(phone, card.id, "Bättre bänkar", card.seq)
    card = actions.move_card(staff, card.id, meeting.areas[0].id, card.seq)
    assert card.state == "held"
    card = actions.hide_card(staff, card.id, "dubblett", card.seq)
    reveal(user, meeting, "all")
    card = actions.restore_card(staff, card.id, card.seq)
    assert card.state == "held", "hidden before it was revealed, so it is still nobody's business"
    with pytest.raises(Conflict):
        actions.restore_card(staff, card.id, card.seq)
    assert actions.withdraw_card(phone, card.id, card.seq).state == "withdrawn"
    assert reveal(user, meeting, "all") == 0


# --- messages and tables


def test_a_message_stands_until_another_one_or_the_end(here: Here) -> None:
    meeting, user = here
    say(user, meeting, "Fika")
    say(user, meeting, "Fika")
    assert [said.text for said in standing_messages(meeting.id)] == ["Fika"]
    say(user, meeting, "Sista minuten")
    say(user, meeting, "Sänk rösten", meeting.tables[0].id)
    said = standing_messages(meeting.id)
    assert [message.text for message in said] == ["Sista minuten", "Sänk rösten"]
    assert queries.stage_now(fresh(meeting)).message == {"id": said[0].id, "text": "Sista minuten"}
    for message in said:
        end_message(user, meeting, message.id)
        end_message(user, meeting, message.id)
    assert standing_messages(meeting.id) == []
    assert queries.stage_now(fresh(meeting)).message is None
    assert acts(meeting) == ["message.say"] * 3 + ["message.end"] * 2
    with pytest.raises(Invalid):
        say(user, meeting, "Hej", 2**40)
    with pytest.raises(NotFound):
        end_message(user, meeting, 2**40)


def test_devices_are_sent_spread_and_taken_out(here: Here) -> None:
    meeting, user = here
    phones = [a_phone(meeting).participant for _number in range(7)]
    tablet = a_phone(meeting, 2, kind="table").participant
    assert tablet is not None
    place_device(user, meeting, phones[0].id, meeting.tables[1].id)  # type: ignore[union-attr]
    assert queries.place_of(factories.reread(phones[0])).table == {
        "id": meeting.tables[1].id,
        "number": 2,
        "name": "",
    }
    with pytest.raises(Invalid):
        place_device(user, meeting, tablet.id, None)
    seen = fresh(meeting).place_seq
    assert spread_devices(user, meeting, "even", seen) == 6
    with pytest.raises(Conflict):
        spread_devices(user, meeting, "even", seen)
    assert spread_devices(user, meeting, "even", fresh(meeting).place_seq) == 0, "nobody needs to move"
    at = [factories.reread(phone).table_id for phone in phones]
    assert at[0] == meeting.tables[1].id, "who sat well stays seated"
    assert sorted(at.count(table.id) for table in meeting.tables) == [2, 2, 3]
    remove_participant(user, meeting, tablet.id)
    assert factories.reread(tablet).removed_at is not None
    for act in ("participant.remove", "place.even", "place.device"):
        undone = undo(user, meeting)
        assert undone is not None
        assert undone.what == act
    assert {factories.reread(phone).table_id for phone in phones} == {None}
    assert factories.reread(tablet).removed_at is None


def test_everybody_meets_others_when_tables_are_mixed() -> None:
    tables = [1, 2, 3]
    at = {device: tables[device % 3] for device in range(12)}
    now = mixed(dict(at), tables)
    assert all(now[device] != at[device] for device in at)
    assert sorted(list(now.values()).count(table) for table in tables) == [4, 4, 4]
    assert mixed({1: None, 2: 7}, [7]) == {1: 7, 2: 7}
    assert evened({1: 7, 2: 7, 3: 7, 4: None}, [7, 8]) == {1: 7, 2: 7, 3: 8, 4: 8}


# --- undo


def test_the_stage_its_timer_and_what_was_seen_come_back(here: Here) -> None:
    meeting, user = here
    ends = fresh(meeting).stage_ends_at
    go(here, 1)
    assert undo(user, meeting) is not None
    now = fresh(meeting)
    assert (now.stage_id, now.stage_ends_at, now.grace_until) == (meeting.stages[0].id, ends, None)
    assert undo(user, meeting) is None, "nothing is left to undo"
    assert acts(meeting) == []


def test_going_back_to_a_vote_hides_the_totals_again(here: Here) -> None:
    meeting, user = here
    go(here, 1)
    phone = a_phone(meeting)
    card = a_card(phone)
    go(here, 2)
    voter = Actor(fresh(meeting), participant=phone.participant)
    actions.set_vote(voter, card.id, 2)
    go(here, 3)
    assert cards.card_in(fresh(meeting), card.id).dots == 2
    undo(user, meeting)
    assert cards.card_in(fresh(meeting), card.id).dots is None
    assert actions.set_vote(Actor(fresh(meeting), participant=phone.participant), card.id, 1) == 4


def test_an_act_on_a_thing_that_was_touched_since_is_refused_with_the_reason(here: Here) -> None:
    meeting, user = here
    go(here, 1)
    first = undo_target(meeting)
    timer.change_timer(user, meeting, "extend", timer.seen(fresh(meeting)), 5)
    with pytest.raises(Conflict) as refused:
        undo(user, meeting, first)
    assert "5" in refused.value.message
    undo(user, meeting)
    assert undo(user, meeting, first) is not None
    assert fresh(meeting).stage_id == meeting.stages[0].id
    again = undo(user, meeting, first)
    assert again is not None, "undoing what is undone changes nothing"


def undo_target(meeting: Meeting) -> int:
    with write() as inner:
        return inner.scalar(select(func.max(Act.id)).where(Act.meeting_id == meeting.id)) or 0


def test_every_act_on_a_card_is_taken_back(here: Here) -> None:
    meeting, user = here
    go(here, 1)
    staff = Actor(meeting, user=user)
    card = a_card(a_phone(meeting))
    home = card.area_id
    card = actions.move_card(staff, card.id, meeting.areas[1].id, card.seq)
    card = actions.hide_card(staff, card.id, "dubblett", card.seq)
    card = actions.restore_card(staff, card.id, card.seq)
    seen = card.seq
    for state, area in (("hidden", meeting.areas[1].id), ("shown", meeting.areas[1].id), ("shown", home)):
        undo(user, meeting)
        card = cards.card_in(fresh(meeting), card.id)
        assert (card.state, card.area_id, card.seq > seen) == (state, area, True)
        seen = card.seq
    assert acts(meeting) == ["meeting.stage"]


def test_a_card_taken_back_by_its_writer_is_not_brought_back(here: Here) -> None:
    meeting, user = here
    go(here, 1)
    phone = a_phone(meeting)
    card = a_card(phone)
    card = actions.move_card(Actor(meeting, user=user), card.id, meeting.areas[1].id, card.seq)
    actions.withdraw_card(phone, card.id, card.seq)
    with pytest.raises(Conflict):
        undo(user, meeting)
    assert cards.card_in(fresh(meeting), card.id).state == "withdrawn"


def test_lock_display_message_and_reveal_are_taken_back(here: Here) -> None:
    meeting, user = here
    card = a_card(a_phone(meeting))
    running.set_lock(user, meeting, True)
    running.set_lock(user, meeting, True)
    running.set_display(user, meeting, "wall")
    say(user, meeting, "Först")
    say(user, meeting, "Sedan")
    reveal(user, meeting, "all")
    assert acts(meeting) == ["lock.on", "display.show", "message.say", "message.say", "cards.reveal"]
    undo(user, meeting)
    assert cards.card_in(fresh(meeting), card.id).state == "held"
    undo(user, meeting)
    assert [said.text for said in standing_messages(meeting.id)] == ["Först"]
    undo(user, meeting)
    assert standing_messages(meeting.id) == []
    undo(user, meeting)
    assert fresh(meeting).display == "auto"
    undo(user, meeting)
    assert fresh(meeting).locked is False


def test_a_meeting_closed_by_mistake_opens_again(here: Here) -> None:
    meeting, user = here
    code = meeting.join_code
    running.close_meeting(user, meeting)
    running.close_meeting(user, meeting)
    assert fresh(meeting).join_code is None
    undo(user, meeting)
    now = fresh(meeting)
    assert now.state == "open"
    assert now.stage_ends_at is not None
    assert now.join_code not in (None, code)
    running.close_meeting(user, meeting)
    with write():
        fresh(meeting).closed_at = utcnow() - timedelta(days=2)
    with pytest.raises(Conflict):
        undo(user, meeting)


def test_the_log_tells_in_words_and_never_what_somebody_wrote(here: Here) -> None:
    meeting, user = here
    go(here, 1)
    card = a_card(a_phone(meeting), "Hemligt om grannen")
    card = actions.hide_card(Actor(meeting, user=user), card.id, "pekar ut en granne", card.seq)
    say(user, meeting, "Nu tar vi paus")
    undo(user, meeting)
    with write() as inner:
        found = list(inner.scalars(select(Act).where(Act.meeting_id == meeting.id)))
        kept = json.dumps([act.details for act in found])
        trail = inner.scalars(select(AuditEntry.details)).all()
        words = [in_words(act, meeting) for act in found]
    assert all(words)
    assert all(act.what in _WAYS for act in found), "nothing is done that cannot be undone"
    for secret in ("granne", "paus"):
        assert secret not in kept + json.dumps(list(trail)) + " ".join(words)


def test_a_stranger_leads_nothing(here: Here) -> None:
    meeting, user = here
    stranger = factories.a_user("moderator")
    a_card(a_phone(meeting))
    running.set_display(user, meeting, "wall")
    before = fresh(meeting).act_seq
    for act in (
        lambda: timer.change_timer(stranger, meeting, "extend", timer.seen(meeting), 5),
        lambda: running.set_lock(stranger, meeting, True),
        lambda: running.set_display(stranger, meeting, "join"),
        lambda: reveal(stranger, meeting, "all"),
        lambda: say(stranger, meeting, "Hej"),
        lambda: end_message(stranger, meeting, 1),
        lambda: place_device(stranger, meeting, 1, None),
        lambda: spread_devices(stranger, meeting, "even", 0),
        lambda: remove_participant(stranger, meeting, 1),
        lambda: undo(stranger, meeting),
        lambda: running.go_to_stage(stranger, meeting, meeting.stages[1].id, meeting.stage_id),
        lambda: running.close_meeting(stranger, meeting),
    ):
        with pytest.raises(Forbidden):
            act()
    assert fresh(meeting).act_seq == before
