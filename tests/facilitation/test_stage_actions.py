"""Actions on a meeting: hidden writing, announcements, seating, and who may lead at all."""

from __future__ import annotations

import pytest

from dialog.cards import actions, moderation_actions
from dialog.cards import queries as cards
from dialog.db import write
from dialog.errors import Conflict, Forbidden, Invalid, NotFound
from dialog.facilitation import stage_actions
from dialog.facilitation.reveal_actions import reveal_cards
from dialog.facilitation.undo_actions import undo
from dialog.meetings import queries, timer_actions
from dialog.meetings.actor import Actor
from dialog.meetings.announcement_actions import announce, current_announcements, end_announcement
from dialog.meetings.seating_actions import (
    mix_tables,
    remove_participant,
    seat_device,
    spread_devices,
    spread_evenly,
)
from tests import factories
from tests.facilitation.moderator import LedMeeting, a_card, a_phone, activities, go_to_stage, reloaded

# --- hidden writing


def test_cards_of_hidden_writing_are_held_and_revealed_in_order(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    phone, other = a_phone(meeting), a_phone(meeting)
    mine, theirs = a_card(phone, "Mitt"), a_card(other, "Deras")
    assert {mine.state, theirs.state} == {"held"}
    go_to_stage(led_meeting, 1)
    seen = {card.id for card in cards.snapshot(Actor(reloaded(meeting), participant=phone.participant))[0]}
    assert seen == {mine.id}, "moving on reveals nothing"
    head = reloaded(meeting).seq
    assert reveal_cards(user, meeting, "all") == 2
    assert reveal_cards(user, meeting, "all") == 0, "pressed twice"
    first, second = (cards.card_rows.get(meeting.id, card.id) for card in (mine, theirs))
    assert [(card.state, card.seq) for card in (first, second)] == [("shown", head + 1), ("shown", head + 2)]
    assert reloaded(meeting).seq == head + 2


def test_reveal_by_table_and_by_area(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    area = meeting.areas[0].id
    at_one, at_two, nowhere = a_phone(meeting, 0), a_phone(meeting, 1), a_phone(meeting)
    one, two, three = a_card(at_one), a_card(at_two, area=area), a_card(nowhere)

    def states() -> list[str]:
        return [cards.card_rows.get(meeting.id, card.id).state for card in (one, two, three)]

    assert reveal_cards(user, meeting, "table", meeting.tables[0].id) == 1
    assert states() == ["shown", "held", "held"]
    assert reveal_cards(user, meeting, "area", area) == 1
    assert states() == ["shown", "shown", "held"]
    assert reveal_cards(user, meeting, "table", None) == 1
    assert states() == ["shown", "shown", "shown"]


def test_revealed_cards_wait_for_approval_where_the_meeting_asks(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    with write():
        meeting.approval = True
    phone = a_phone(meeting)
    theirs, typed = a_card(phone), a_card(Actor(meeting, user=user), "Från ett papper")
    assert {theirs.state, typed.state} == {"held"}
    reveal_cards(user, meeting, "all")
    states = [cards.card_rows.get(meeting.id, card.id).state for card in (theirs, typed)]
    assert states == ["pending", "shown"]


def test_held_card_is_edited_withdrawn_moved_and_hidden_like_any_other(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    phone, staff = a_phone(meeting), Actor(meeting, user=user)
    card = a_card(phone)
    card = actions.edit_card(phone, card.id, "Bättre bänkar", card.seq)
    card = actions.move_card(staff, card.id, meeting.areas[0].id, card.seq)
    assert card.state == "held"
    card = moderation_actions.hide_card(staff, card.id, "dubblett", card.seq)
    reveal_cards(user, meeting, "all")
    card = moderation_actions.restore_card(staff, card.id, card.seq)
    assert card.state == "held", "hidden before it was revealed, so it is still nobody's business"
    with pytest.raises(Conflict):
        moderation_actions.restore_card(staff, card.id, card.seq)
    assert actions.withdraw_card(phone, card.id, card.seq).state == "withdrawn"
    assert reveal_cards(user, meeting, "all") == 0


# --- announcements and seating


def test_announcement_stands_until_the_next_or_its_end(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    announce(user, meeting, "Fika")
    announce(user, meeting, "Fika")
    assert [said.text for said in current_announcements(meeting.id)] == ["Fika"]
    announce(user, meeting, "Sista minuten")
    announce(user, meeting, "Sänk rösten", meeting.tables[0].id)
    said = current_announcements(meeting.id)
    assert [message.text for message in said] == ["Sista minuten", "Sänk rösten"]
    assert queries.stage_now(reloaded(meeting)).message == {"id": said[0].id, "text": "Sista minuten"}
    for message in said:
        end_announcement(user, meeting, message.id)
        end_announcement(user, meeting, message.id)
    assert current_announcements(meeting.id) == []
    assert queries.stage_now(reloaded(meeting)).message is None
    assert activities(meeting) == ["message.say"] * 3 + ["message.end"] * 2
    with pytest.raises(Invalid):
        announce(user, meeting, "Hej", 2**40)
    with pytest.raises(NotFound):
        end_announcement(user, meeting, 2**40)


def test_devices_are_seated_spread_and_removed(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    phones = [a_phone(meeting).participant for _number in range(7)]
    tablet = a_phone(meeting, 2, kind="table").participant
    assert tablet is not None
    seat_device(user, meeting, phones[0].id, meeting.tables[1].id)  # type: ignore[union-attr]
    assert queries.place_of(factories.reread(phones[0])).table == {
        "id": meeting.tables[1].id,
        "number": 2,
        "name": "",
    }
    with pytest.raises(Invalid):
        seat_device(user, meeting, tablet.id, None)
    seen = reloaded(meeting).place_seq
    assert spread_devices(user, meeting, "even", seen) == 6
    with pytest.raises(Conflict):
        spread_devices(user, meeting, "even", seen)
    assert spread_devices(user, meeting, "even", reloaded(meeting).place_seq) == 0, "nobody needs to move"
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


def test_mixing_tables_sends_devices_of_one_table_apart() -> None:
    tables = [1, 2, 3]
    at = {device: tables[device % 3] for device in range(12)}
    now = mix_tables(dict(at), tables)
    assert all(now[device] != at[device] for device in at)
    assert sorted(list(now.values()).count(table) for table in tables) == [4, 4, 4]
    assert mix_tables({1: None, 2: 7}, [7]) == {1: 7, 2: 7}
    assert spread_evenly({1: 7, 2: 7, 3: 7, 4: None}, [7, 8]) == {1: 7, 2: 7, 3: 8, 4: 8}


def test_stranger_is_refused_every_act(led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    stranger = factories.a_user("moderator")
    a_card(a_phone(meeting))
    stage_actions.set_display(user, meeting, "wall")
    before = reloaded(meeting).act_seq
    for act in (
        lambda: timer_actions.change_timer(
            stranger, meeting, "extend", timer_actions.timer_version(meeting), 5
        ),
        lambda: stage_actions.set_lock(stranger, meeting, True),
        lambda: stage_actions.set_display(stranger, meeting, "join"),
        lambda: reveal_cards(stranger, meeting, "all"),
        lambda: announce(stranger, meeting, "Hej"),
        lambda: end_announcement(stranger, meeting, 1),
        lambda: seat_device(stranger, meeting, 1, None),
        lambda: spread_devices(stranger, meeting, "even", 0),
        lambda: remove_participant(stranger, meeting, 1),
        lambda: undo(stranger, meeting),
        lambda: stage_actions.go_to_stage(stranger, meeting, meeting.stages[1].id, meeting.stage_id),
        lambda: stage_actions.close_meeting(stranger, meeting),
    ):
        with pytest.raises(Forbidden):
            act()
    assert reloaded(meeting).act_seq == before
