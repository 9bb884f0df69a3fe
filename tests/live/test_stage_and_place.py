"""Every device is sent the stage, the clock and its own place, whichever process changed them."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from dialog.db import db, utcnow
from dialog.meetings.models import Announcement, Meeting, Participant
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall

ROUND = {"name": "Runda 1", "write": True, "see": True}


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    hall = make_hall(stages=(ROUND,))
    hall.sets_tables(4)
    return hall


def test_head_carries_the_servers_clock_each_time(hall: Hall) -> None:
    before = time.time() * 1000
    screen = hall.joins().screen
    first = screen.head
    later = screen.socket.wait_for("head", lambda head: head["now"] > first["now"])
    assert set(first) == {"seq", "epoch", "chat", "now"}
    assert before - 1 <= first["now"] <= later["now"] <= time.time() * 1000 + 1


def test_stage_message_carries_a_running_and_a_paused_timer(hall: Hall) -> None:
    screens = [seat.screen for seat in (hall.joins(), hall.moderator(), hall.projector())]
    began = utcnow()
    ends = began + timedelta(minutes=20)

    def starts(meeting: Meeting) -> None:
        meeting.stage_began_at, meeting.stage_ends_at = began, ends

    def pauses(meeting: Meeting) -> None:
        meeting.stage_ends_at, meeting.stage_left = None, 700

    hall.change(starts)
    told = [screen.socket.wait_for("stage", lambda stage: stage["ends_at"]) for screen in screens]
    wanted = (round(began.timestamp() * 1000), round(ends.timestamp() * 1000), None)
    assert {(stage["began_at"], stage["ends_at"], stage["left"]) for stage in told} == {wanted}
    hall.change(pauses)
    told = [screen.socket.wait_for("stage", lambda stage: stage["left"]) for screen in screens]
    assert {(stage["ends_at"], stage["left"]) for stage in told} == {(None, 700)}


def test_locked_meeting_refuses_writing_and_says_so(hall: Hall) -> None:
    phone = hall.joins()
    screen = phone.screen
    hall.change(lambda meeting: setattr(meeting, "locked", True))
    stage = screen.socket.wait_for("stage", lambda stage: stage["locked"])
    assert (stage["write"], stage["see"], stage["vote"], stage["chat"]) == (False, True, False, False)
    for way in ("socket", "http"):
        assert phone.writes("Nej", way=way).code == "forbidden"
    assert hall.rows() == []
    hall.change(lambda meeting: setattr(meeting, "locked", False))
    assert screen.socket.wait_for("stage", lambda stage: not stage["locked"] and stage["write"])


def test_join_over_http_returns_the_same_stage(hall: Hall) -> None:
    hall.change(lambda meeting: setattr(meeting, "display", "question"))
    joined = hall.server.post_json("/api/join", {"code": hall.code}).json
    stage = hall.joins().screen.socket.wait_for("stage")
    assert joined["meeting"]["stage"] == stage
    assert (stage["display"], stage["hold"], stage["message"]) == ("question", False, None)


def test_announcement_to_everybody_stands_until_it_ends(hall: Hall) -> None:
    screen = hall.joins().screen
    asleep = hall.joins()

    def says(meeting: Meeting) -> None:
        meeting.announcement = Announcement(
            meeting_id=meeting.id, text="Fika i foajén", user_id=hall.moderator_id
        )

    hall.change(says)
    message = screen.socket.wait_for("stage", lambda stage: stage["message"])["message"]
    assert message["text"] == "Fika i foajén"
    assert asleep.screen.socket.wait_for("stage")["message"] == message, "who wakes up is told too"
    hall.change(lambda meeting: setattr(meeting, "announcement_id", None))
    assert screen.socket.wait_for("stage", lambda stage: stage["message"] is None)


def test_moved_device_alone_is_sent_its_place(hall: Hall) -> None:
    phone, other, tablet = hall.joins(), hall.joins(), hall.joins_table(2)
    staff, projector = hall.moderator(), hall.projector()
    for seat in (phone, other):
        assert seat.screen.socket.wait_for("place") == {"table": None, "message": None}
    assert tablet.screen.socket.wait_for("place")["table"]["number"] == 2
    assert staff.screen.socket.wait_for("stage")
    assert projector.screen.socket.wait_for("stage")

    with hall.inside() as meeting:
        fourth = meeting.tables[3].id

    def sends(meeting: Meeting) -> None:
        db.session.get_one(Participant, phone.participant_id).table_id = fourth
        meeting.place_seq += 1

    hall.change(sends)
    wanted = {"table": {"id": fourth, "number": 4, "name": ""}, "message": None}
    assert phone.screen.socket.wait_for("place", lambda place: place["table"]) == wanted
    assert phone.connects().socket.wait_for("place") == wanted, "a device that slept is told too"
    phone.writes("Skrivet vid fyran")
    assert hall.rows()[0].table_id == fourth
    everybody = (other, tablet, staff, projector)
    for seat in everybody:
        seat.screen.catch_up(1)
    assert [len(seat.screen.socket.received("place")) for seat in everybody] == [1, 1, 0, 0]


def test_announcement_to_one_table_reaches_that_table_alone(hall: Hall) -> None:
    here, there, staff = hall.joins_table(1), hall.joins_table(2), hall.moderator()
    screens = [seat.screen for seat in (here, there, staff)]

    def says(meeting: Meeting) -> None:
        table = meeting.tables[0].id
        said = Announcement(
            meeting_id=meeting.id, table_id=table, text="Sänk rösten", user_id=hall.moderator_id
        )
        db.session.add(said)
        meeting.place_seq += 1

    hall.change(says)
    place = here.screen.socket.wait_for("place", lambda place: place["message"])
    assert (place["table"]["number"], place["message"]["text"]) == (1, "Sänk rösten")
    here.writes("Nu hörs vi")
    for screen in screens[1:]:
        screen.catch_up(1)
        assert "Sänk" not in str(screen.socket.received("place")) + str(screen.socket.received("stage"))
