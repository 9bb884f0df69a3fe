"""Two moderators act at the same moment on PostgreSQL, where no lock of one process orders them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from dialog.cards import create_actions
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.errors import Conflict, DialogError
from dialog.facilitation import stage_actions
from dialog.facilitation.reveal_actions import reveal_cards
from dialog.facilitation.undo_actions import undo
from dialog.meetings import timer_actions
from dialog.meetings.actor import Actor
from dialog.meetings.announcement_actions import announce, current_announcements
from dialog.meetings.models import Activity, Announcement, Meeting, Participant
from dialog.meetings.seating_actions import seat_device, spread_devices
from dialog.people.models import User
from tests.facilitation.moderator import LedMeeting, a_card, a_phone, activities, go_to_stage, reloaded
from tests.live.hall import new_uuid
from tests.processes import wait_until

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
Act = Callable[[User, Meeting], Any]


@pytest.fixture
def app(make_app: Callable[..., Flask], migrated_postgres_url: str) -> Flask:
    """Return the application on an empty PostgreSQL database, with full rate limits."""
    for limit in (create_actions.PERSON, create_actions.TABLE, create_actions.MEETING):
        limit._buckets.clear()
    return make_app(database_url=migrated_postgres_url)


def at_once(app: Flask, led_meeting: LedMeeting, *acts: Act) -> list[Any]:
    """Run all acts at the same moment, each in its own thread and transaction; return results or refusals.

    The row of the meeting is locked until every act waits for it.
    """
    meeting, user = led_meeting
    numbers, answers = (user.id, meeting.id), [None] * len(acts)
    db.session.rollback()

    def one(place: int) -> None:
        with app.app_context():
            try:
                who, where = db.session.get_one(User, numbers[0]), db.session.get_one(Meeting, numbers[1])
                answers[place] = acts[place](who, where)
            except DialogError as error:
                answers[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(acts))]
    with db.engine.connect() as holder, db.engine.connect() as onlooker:
        holder.execute(select(Meeting.id).where(Meeting.id == numbers[1]).with_for_update())
        for thread in threads:
            thread.start()
        wait_until(lambda: _waiting(onlooker) == len(acts), "all to ask for the meeting")
        holder.rollback()
    for thread in threads:
        thread.join()
    return answers


def _waiting(onlooker: Any) -> int:
    """Return how many connections wait for a lock in this database."""
    found = int(onlooker.execute(text(WAITING)).scalar_one())
    onlooker.rollback()
    return found


def check_numbers(meeting: Meeting) -> None:
    """Check that card numbers are unique and within the meeting's own, and that every act counted once."""
    with write() as inner:
        seqs = inner.scalars(select(Card.seq).where(Card.meeting_id == meeting.id)).all()
        now = inner.get_one(Meeting, meeting.id)
        assert len(seqs) == len(set(seqs))
        assert max(seqs, default=0) <= now.seq
        of_it = select(func.count()).select_from(Activity).where(Activity.meeting_id == meeting.id)
        undone = of_it.where(Activity.undone_at.is_not(None))
        assert now.act_seq == (inner.scalar(of_it) or 0) + (inner.scalar(undone) or 0)


def test_next_stage_pressed_twice_moves_once(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    first, second = meeting.stages[0].id, meeting.stages[1].id
    answers = at_once(app, led_meeting, *[lambda u, m: stage_actions.go_to_stage(u, m, second, first)] * 2)
    assert [stage.id for stage in answers] == [second, second]
    assert reloaded(meeting).stage_id == second
    assert activities(meeting) == ["meeting.stage"]
    check_numbers(meeting)


def test_two_moderators_going_to_different_stages_move_once(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    first, second, third = (stage.id for stage in meeting.stages[:3])
    answers = at_once(
        app,
        led_meeting,
        lambda u, m: stage_actions.go_to_stage(u, m, second, first),
        lambda u, m: stage_actions.go_to_stage(u, m, third, first),
    )
    refused = [place for place, answer in enumerate(answers) if isinstance(answer, Conflict)]
    assert len(refused) == 1
    assert reloaded(meeting).stage_id == (third, second)[refused[0]]
    assert activities(meeting) == ["meeting.stage"]


def test_act_undone_by_two_at_once_is_undone_once(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    go_to_stage(led_meeting, 1)
    go_to_stage(led_meeting, 2)
    with write() as inner:
        latest = inner.scalars(select(Activity.id).order_by(Activity.id.desc())).first()
    answers = at_once(app, led_meeting, *[lambda u, m: undo(u, m, latest)] * 2)
    assert [act.id for act in answers] == [latest, latest]
    assert reloaded(meeting).stage_id == meeting.stages[1].id
    assert activities(meeting) == ["meeting.stage"]
    check_numbers(meeting)


def test_timer_extended_by_two_at_once_is_extended_once(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    seen = timer_actions.timer_version(reloaded(meeting))
    answers = at_once(
        app, led_meeting, *[lambda u, m: timer_actions.change_timer(u, m, "extend", seen, 5)] * 2
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
    assert activities(meeting) == ["timer.extend"]
    check_numbers(meeting)


def test_reveal_while_others_write_loses_no_card(app: Flask, led_meeting: LedMeeting) -> None:
    """Cards that were there are shown once, later ones are held, and none is lost or counted twice."""
    meeting, _user = led_meeting
    early = [a_card(a_phone(meeting), f"Tidigt {number}").id for number in range(5)]
    writers = [a_phone(meeting).participant for _number in range(3)]
    phones = [phone.id for phone in writers if phone]

    def writes(number: int) -> Act:
        def write_one(_user: User, meeting: Meeting) -> int:
            actor = Actor(meeting, participant=db.session.get_one(Participant, phones[number]))
            return create_actions.add_card(actor, {"uuid": new_uuid(), "text": f"Just nu {number}"}).id

        return write_one

    first, second, *late = at_once(
        app,
        led_meeting,
        lambda u, m: reveal_cards(u, m, "all"),
        lambda u, m: reveal_cards(u, m, "all"),
        writes(0),
    )
    assert first + second >= len(early)
    check_numbers(meeting)
    with write() as inner:
        states = {card.id: card.state for card in inner.scalars(select(Card))}
        revealed = [
            number
            for act in inner.scalars(select(Activity).where(Activity.what == "cards.reveal"))
            for number in act.details["cards"]
        ]
    assert set(states) == {*early, *late}
    assert sorted(revealed) == sorted(number for number, state in states.items() if state == "shown")
    assert all(states[number] == "shown" for number in early)


def test_devices_spread_by_two_at_once_move_once(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    for _number in range(7):
        a_phone(meeting)
    seen = reloaded(meeting).place_seq
    answers = at_once(app, led_meeting, *[lambda u, m: spread_devices(u, m, "even", seen)] * 2)
    moved = [answer for answer in answers if not isinstance(answer, Conflict)]
    assert moved == [7]
    assert activities(meeting) == ["place.even"]
    with write() as inner:
        seated = select(Participant.table_id, func.count()).group_by(Participant.table_id)
        assert sorted(count for _table, count in inner.execute(seated)) == [2, 2, 3]
    check_numbers(meeting)


def test_device_sent_to_two_tables_at_once_is_logged_in_order(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, _user = led_meeting
    phone = a_phone(meeting).participant
    assert phone
    tables = [table.id for table in reloaded(meeting).tables]
    number = phone.id
    at_once(app, led_meeting, *[lambda u, m, to=to: seat_device(u, m, number, to) for to in tables[:2]])
    with write() as inner:
        ways = [act.details["moved"][0] for act in inner.scalars(select(Activity).order_by(Activity.id))]
        here_now = inner.get_one(Participant, number).table_id
    assert [before for _device, before, _after in ways] == [None, ways[0][2]]
    assert here_now == ways[1][2]
    assert {ways[0][2], ways[1][2]} == set(tables[:2])
    check_numbers(meeting)


def test_two_announcements_at_once_leave_one_standing(app: Flask, led_meeting: LedMeeting) -> None:
    meeting, user = led_meeting
    at_once(app, led_meeting, lambda u, m: announce(u, m, "Fika"), lambda u, m: announce(u, m, "Paus"))
    (standing,) = current_announcements(meeting.id)
    assert reloaded(meeting).announcement_id == standing.id
    assert activities(meeting) == ["message.say", "message.say"]
    undo(user, reloaded(meeting))
    (before,) = current_announcements(meeting.id)
    assert {before.text, standing.text} == {"Fika", "Paus"}
    assert reloaded(meeting).announcement_id == before.id
    with write() as inner:
        assert inner.scalar(select(func.count()).select_from(Announcement)) == 2
    check_numbers(meeting)


def test_card_written_while_the_stage_ends_belongs_to_one_stage(app: Flask, led_meeting: LedMeeting) -> None:
    """A card sent while the stage changes either came before it or is accepted as late, but is never lost."""
    meeting, _user = led_meeting
    phone = a_phone(meeting).participant
    assert phone
    number, (first, second) = phone.id, (stage.id for stage in meeting.stages[:2])

    def writes(_user: User, meeting: Meeting) -> int:
        actor = Actor(meeting, participant=db.session.get_one(Participant, number))
        return create_actions.add_card(
            actor, {"uuid": new_uuid(), "text": "I sista stund", "stage": first}
        ).id

    _stage, card_id = at_once(
        app, led_meeting, lambda u, m: stage_actions.go_to_stage(u, m, second, first), writes
    )
    with write() as inner:
        card = inner.get_one(Card, card_id)
        assert (card.stage_id, card.state) == (first, "held")
    assert reloaded(meeting).stage_id == second
    check_numbers(meeting)
