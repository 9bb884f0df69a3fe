"""Planning a meeting: the form's rules, its refusals, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.db import db, utcnow
from dialog.meetings.models import Meeting
from tests import factories
from tests.pages import PageClient
from tests.planning.planner import Moderator, faults


def test_a_meeting_copies_its_method_and_keeps_local_time(moderator: Moderator) -> None:
    number = moderator.planned()

    def read(meeting: Meeting) -> list[Any]:
        return [
            meeting.method_key,
            len(meeting.stages),
            sum(stage.minutes or 0 for stage in meeting.stages),
            [table.number for table in meeting.tables],
            [kind.code for kind in meeting.kinds],
            meeting.starts_at,
            meeting.ends_at,
            meeting.state,
            meeting.join_code,
        ]

    assert moderator.meeting(number, read) == [
        "cafedialog",
        9,
        120,
        [1, 2, 3, 4, 5, 6],
        ["idea", "need", "question"],
        datetime(2026, 10, 24, 16, 30, tzinfo=UTC),  # summer time, two hours ahead
        datetime(2026, 10, 24, 19, 0, tzinfo=UTC),
        "planned",
        None,
    ]
    page = moderator.client.get(f"/meetings/{number}").text
    assert "24 oktober 2026" in page
    assert "18:30–21:00" in page
    assert "Runda 1" in page


def test_start_in_winter_time_is_one_hour_ahead_of_utc(moderator: Moderator) -> None:
    number = moderator.planned(day="2026-10-26")
    assert moderator.meeting(number, lambda meeting: meeting.starts_at.hour) == 17


def test_all_methods_of_the_organisation_can_be_chosen(moderator: Moderator) -> None:
    page = moderator.client.get(f"/dialogues/{moderator.dialogue}/meetings/new").text
    options = re.search(r'<select[^>]*id="method".*?</select>', page, re.S)
    assert options
    assert options.group(0).count("<option") == 17 + 2
    number = moderator.planned(method="gatur")
    assert moderator.meeting(number, lambda meeting: meeting.method_name) == "Gåtur"


def test_no_method_means_everyone_writes_all_the_time(moderator: Moderator) -> None:
    number = moderator.planned(method="none", kinds=["wish", "problem"])
    assert moderator.meeting(number, lambda meeting: len(meeting.stages)) == 0
    kinds = moderator.meeting(number, lambda meeting: {kind.code for kind in meeting.kinds})
    assert kinds == {"wish", "problem"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": "  "}, "Skriv något här"),
        ({"title": "x" * 201}, "201 tecken"),
        ({"place": ""}, "Skriv var man träffas"),
        ({"form": "hybrid", "place": ""}, "Skriv var man träffas"),
        ({"form": "by post"}, ""),
        ({"day": ""}, "Välj en dag"),
        ({"day": "i morgon"}, "år, månad och dag"),
        ({"begins": ""}, "Skriv när det börjar"),
        ({"begins": "halv sju"}, "timmar och minuter"),
        ({"begins": "24:00"}, "timmar och minuter"),
        ({"ends": "18:30"}, "sluta efter att det har börjat"),
        ({"ends": "08:00"}, "sluta efter att det har börjat"),
        ({"day": "2026-03-29", "begins": "02:30"}, "hoppar över den timmen"),
        ({"last_day": "2026-10-23"}, "sluta efter att det har börjat"),
        ({"last_day": "2026-10-25", "ends": ""}, "vilken tid det slutar"),
        ({"form": "online", "ends": ""}, "hur länge de kan svara"),
        ({"tables": "61"}, "mellan 0 och 60"),
        ({"tables": "två"}, "heltal"),
        ({"capacity": "0"}, "mellan 1 och"),
        ({"dots": "-1"}, "mellan 0 och 100"),
        ({"kinds": ["nonsense"]}, "nonsense"),
        ({"method": "astrology"}, ""),
        ({"title": "a\x00b"}, "inte går att spara"),
        ({"title": "abc\u202edef"}, "inte går att spara"),
        ({"day": "9999-12-31", "ends": "23:59"}, ""),
    ],
)
def test_faulty_plan_is_refused_at_its_field_and_keeps_what_was_typed(
    moderator: Moderator, wrong: dict[str, Any], says: str
) -> None:
    answer = moderator.plans(**{"question": "Vad ska torget heta?", **wrong})
    if wrong.get("day") == "9999-12-31":
        assert answer.status_code in (303, 400), "the end of time is no failure"
        return
    assert answer.status_code == 400
    assert says in answer.text
    assert faults(answer), "the fault stands at its field"
    assert "error-summary" in answer.text
    assert "Vad ska torget heta?" in answer.text
    assert 'value="Biblioteket"' in answer.text or wrong.get("place") == ""
    with moderator.app.app_context():
        assert db.session.scalar(select(Meeting.id)) is None


def test_every_fault_is_shown_at_once(moderator: Moderator) -> None:
    answer = moderator.plans(title="", place="", day="", begins="x")
    said = faults(answer)
    for words in ("Skriv något", "Skriv var", "Välj en dag", "timmar och minuter"):
        assert words in said


def test_swedish_full_stop_in_a_time_is_understood(moderator: Moderator) -> None:
    number = moderator.planned(begins="18.30")
    assert moderator.meeting(number, lambda meeting: meeting.starts_at.minute) == 30


@pytest.mark.parametrize("role", ["politician", "moderator", "official"])
@pytest.mark.parametrize("path", ["", "/edit", "/poster", "/calendar.ics", "/paper", "/room"])
def test_meeting_is_not_found_without_a_part_in_its_dialogue(
    app: Flask, client: PageClient, role: str, path: str
) -> None:
    with app.app_context():
        meeting = factories.a_meeting()
        number = meeting.id
        factories.sign_in(client, factories.a_user(role, meeting.dialogue.organisation))
    assert client.get(f"/meetings/{number}{path}").status_code == 404
    assert "Kväll på biblioteket" not in client.get("/meetings").text


def test_planning_in_somebody_elses_dialogue_is_not_found(moderator: Moderator) -> None:
    with moderator.app.app_context():
        other = factories.a_dialogue().id
    assert moderator.client.get(f"/dialogues/{other}/meetings/new").status_code == 404


def test_my_meetings_show_open_ones_first_and_then_the_next_planned(moderator: Moderator) -> None:
    assert "öppna dialogen och välj" in moderator.client.get("/meetings").text
    far = moderator.planned(title="Långt borta", day="2026-12-01")
    near = moderator.planned(title="Snart", day="2026-11-01")
    running = moderator.planned(title="Pågår nu")
    moderator.opens(running)
    page = moderator.client.get("/meetings").text
    assert page.index("Pågår nu") < page.index("Snart") < page.index("Långt borta")
    assert far != near


def test_an_online_forum_is_opened_once_and_shows_on_its_days(moderator: Moderator) -> None:
    now = utcnow()
    stranger = moderator.app.test_client()

    def forum(first: datetime, last: datetime, title: str) -> int:
        return moderator.planned(
            form="online",
            place="",
            title=title,
            day=first.date().isoformat(),
            begins="12:00",
            last_day=last.date().isoformat(),
            ends="12:00",
            tables="0",
        )

    present = forum(now - timedelta(days=2), now + timedelta(days=20), "Öppet forum")
    future = forum(now + timedelta(days=3), now + timedelta(days=20), "Kommande forum")
    past = forum(now - timedelta(days=9), now - timedelta(days=3), "Gammalt forum")
    unopened = forum(now - timedelta(days=2), now + timedelta(days=20), "Oöppnat forum")
    for number in (present, future, past):
        moderator.opens(number)
    assert moderator.meeting(present, lambda meeting: (meeting.method_key, meeting.join_code)) == (
        "e_dialog",
        None,
    )
    start = stranger.get("/").text
    assert "Öppet forum" in start
    for title in ("Kommande forum", "Gammalt forum", "Oöppnat forum"):
        assert title not in start
    assert stranger.get(f"/m/{present}").status_code == 200
    assert stranger.get(f"/m/{present}.svg").mimetype == "image/svg+xml"
    for number in (future, past, unopened):
        assert stranger.get(f"/m/{number}").status_code == 404
        assert stranger.get(f"/m/{number}.svg").status_code == 404


def test_a_forum_asks_its_own_question(moderator: Moderator) -> None:
    number = moderator.planned(
        form="online", day=utcnow().date().isoformat(), last_day="2099-01-01", question="Vad saknar du här?"
    )
    moderator.opens(number)
    assert moderator.meeting(number, lambda meeting: meeting.asked) == "Vad saknar du här?"
