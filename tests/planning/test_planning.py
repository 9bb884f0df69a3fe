"""Planning a meeting: what is asked, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from dialog.cards import create_actions
from dialog.db import db, utcnow
from dialog.meetings.models import Meeting
from tests import factories
from tests.pages import PageClient

EVENING = {
    "title": "Kväll på biblioteket",
    "question": "",
    "form": "in_person",
    "place": "Biblioteket",
    "day": "2026-10-24",
    "begins": "18:30",
    "last_day": "",
    "ends": "21:00",
    "method": "usual",
    "tables": "6",
    "capacity": "48",
    "dots": "5",
}


@dataclass
class Moderator:
    """Somebody who plans, with the pages that planning has."""

    app: Flask
    client: PageClient
    dialogue: int

    def plans(self, **changes: Any) -> TestResponse:
        return self.client.submit(f"/dialogues/{self.dialogue}/meetings/new", {**EVENING, **changes})

    def planned(self, **changes: Any) -> int:
        answer = self.plans(**changes)
        assert answer.status_code == 303, faults(answer)
        return int(answer.location.rpartition("/")[2])

    def changes(self, number: int, **changes: Any) -> TestResponse:
        kinds = {"kinds": ["idea"]}
        given = {name: value for name, value in EVENING.items() if name != "method"}
        return self.client.submit(f"/meetings/{number}/edit", {**given, **kinds, **changes})

    def presses(self, number: int, act: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self.client.submit(f"/meetings/{number}/{act}", data, page=f"/meetings/{number}")

    def opens(self, number: int) -> None:
        assert self.presses(number, "open").status_code == 303

    def meeting(self, number: int, read: Any) -> Any:
        """What *read* says of the meeting as it is in the database."""
        with self.app.app_context():
            found = db.session.get(Meeting, number)
            assert found is not None
            return read(found)


def faults(page: TestResponse) -> str:
    """The messages at the fields."""
    return " ".join(re.findall(r'class="field__error"[^>]*>([^<]*)<', page.text))


@pytest.fixture
def moderator(app: Flask, client: PageClient) -> Moderator:
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        factories.sign_in(client, user)
        return Moderator(app, client, dialogue.id)


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


def test_after_the_clocks_went_back_it_is_one_hour(moderator: Moderator) -> None:
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
def test_what_is_wrong_is_said_and_what_was_typed_stays(
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


def test_opening_makes_a_code_once(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    code = moderator.meeting(number, lambda meeting: meeting.join_code)
    moderator.opens(number)
    assert moderator.meeting(number, lambda meeting: meeting.join_code) == code
    page = moderator.client.get(f"/meetings/{number}").text
    assert f"{code[:4]}-{code[4:]}" in page
    assert f"/j/{code}.svg" in page


def test_the_qr_code_is_a_plain_picture(moderator: Moderator, client: PageClient) -> None:
    number = moderator.planned()
    moderator.opens(number)
    code = moderator.meeting(number, lambda meeting: meeting.join_code)
    picture = client.get(f"/j/{code[:4].lower()}-{code[4:]}.svg")
    assert picture.status_code == 200
    assert picture.mimetype == "image/svg+xml"
    assert "style" not in picture.text
    assert "#fff" in picture.text
    assert client.get("/j/AAAA-AAAA.svg").status_code == 404


def test_the_poster_has_code_question_and_what_happens_with_it(moderator: Moderator) -> None:
    number = moderator.planned(question="Vad ska torget heta?")
    assert "Det finns ingen kod ännu" in moderator.client.get(f"/meetings/{number}/poster").text
    moderator.opens(number)
    code = moderator.meeting(number, lambda meeting: meeting.join_code)
    page = moderator.client.get(f"/meetings/{number}/poster").text
    for words in ("Vad ska torget heta?", f"{code[:4]}-{code[4:]}", "Biblioteket", "allmän handling", ".svg"):
        assert words in page


def test_public_url_stands_in_codes_and_posters(make_app: Any) -> None:
    app = make_app(public_url="https://dialog.kommun.example")
    client = app.test_client()
    with app.app_context():
        dialogue = factories.a_dialogue()
        meeting = factories.a_meeting(dialogue)
        factories.sign_in(client, factories.a_user("moderator", dialogue.organisation, dialogue=dialogue))
        number, code = meeting.id, meeting.join_code
    page = client.get(f"/meetings/{number}").text
    assert f"https://dialog.kommun.example/j/{code[:4]}-{code[4:]}" in page
    assert "dialog.kommun.example" in client.get(f"/meetings/{number}/poster").text


def test_the_calendar_file_has_the_instants(moderator: Moderator) -> None:
    number = moderator.planned(title="Träff; med, tecken", question="Rad ett\nrad två")
    answer = moderator.client.get(f"/meetings/{number}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    event = next(iter(Calendar.from_ical(answer.data).walk("VEVENT")))
    assert event["summary"] == "Träff; med, tecken"
    assert event["location"] == "Biblioteket"
    assert event.decoded("dtstart") == datetime(2026, 10, 24, 16, 30, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
    assert "rad två" in event["description"]


def test_changing_an_open_meeting_keeps_its_form_and_code(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    code = moderator.meeting(number, lambda meeting: meeting.join_code)
    assert 'name="form"' not in moderator.client.get(f"/meetings/{number}/edit").text
    assert moderator.changes(number, form="online", title="Nytt namn", tables="3").status_code == 303
    assert moderator.meeting(
        number, lambda meeting: [meeting.form, meeting.join_code, meeting.title, len(meeting.tables)]
    ) == ["in_person", code, "Nytt namn", 3]


def test_the_form_for_changing_shows_local_time_again(moderator: Moderator) -> None:
    number = moderator.planned()
    page = moderator.client.get(f"/meetings/{number}/edit").text
    for value in ('value="2026-10-24"', 'value="18:30"', 'value="21:00"', 'value="Biblioteket"'):
        assert value in page


def test_at_least_one_kind_of_card_remains(moderator: Moderator) -> None:
    number = moderator.planned()
    answer = moderator.changes(number, kinds=[])
    assert answer.status_code == 400
    assert "minst en sorts kort" in faults(answer)


def test_tables_with_cards_cannot_be_taken_away(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    with moderator.app.app_context():
        meeting = db.session.get(Meeting, number)
        assert meeting is not None
        user = meeting.dialogue.organisation_id and db.session.scalars(select(factories.User)).first()
        create_actions.add_cards(
            [
                create_actions.NewCard(
                    meeting_id=number,
                    user_id=user.id,
                    uuid="11111111-1111-4111-8111-111111111111",
                    text="En lapp",
                    table=meeting.tables[5].id,
                )
            ]
        )
    answer = moderator.changes(number, tables="2", title="Behåll det här")
    assert answer.status_code == 400
    assert "kort från ett bord" in faults(answer)
    assert 'value="Behåll det här"' in answer.text


def test_a_closed_meeting_is_not_changed(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    moderator.presses(number, "close")
    assert moderator.client.get(f"/meetings/{number}/edit").status_code == 303
    page = moderator.client.get(f"/meetings/{number}").text
    assert "Mötet är stängt" in page
    assert "ingen affisch" in moderator.client.get(f"/meetings/{number}/poster").text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"count": "34", "basis": "counted"}, (34, "counted")),
        ({"count": "30", "basis": "estimated"}, (30, "estimated")),
        ({"count": "30", "basis": "unknown"}, (None, "unknown")),
        ({"count": "0", "basis": "counted"}, (0, "counted")),
    ],
)
def test_attendance_comes_with_how_it_is_known(
    moderator: Moderator, given: dict[str, str], kept: tuple[int | None, str]
) -> None:
    number = moderator.planned()
    moderator.opens(number)
    assert "Uppgift saknas" in moderator.client.get(f"/meetings/{number}").text
    answer = moderator.presses(number, "attendance", {**given, "completeness": "alla lappar"})
    assert answer.status_code == 303
    assert moderator.meeting(number, lambda meeting: (meeting.attendance, meeting.attendance_basis)) == kept
    assert "alla lappar" in moderator.client.get(f"/meetings/{number}").text


def test_a_count_without_a_number_is_refused(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    answer = moderator.presses(
        number, "attendance", {"count": "", "basis": "counted", "completeness": "nästan alla"}
    )
    assert answer.status_code == 400
    assert "Skriv hur många" in faults(answer)
    assert "nästan alla" in answer.text


def test_the_projector_link_is_shown_once_and_the_one_before_ends(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    stranger = moderator.app.test_client()
    addresses = []
    for _turn in range(2):
        page = moderator.presses(number, "projector")
        found = re.search(r'value="http://localhost(/display/[^"]+)"', page.text)
        assert found
        addresses.append(found.group(1))
    assert stranger.get(addresses[0]).status_code == 404
    assert stranger.get(addresses[1]).status_code == 200
    assert addresses[1] not in moderator.client.get(f"/meetings/{number}").text
    assert moderator.presses(number, "projector/revoke").status_code == 303
    assert stranger.get(addresses[1]).status_code == 404


def test_approval_is_chosen_while_the_meeting_is_open(moderator: Moderator) -> None:
    number = moderator.planned()
    moderator.opens(number)
    moderator.presses(number, "approval", {"approval": "1"})
    assert moderator.meeting(number, lambda meeting: meeting.approval) is True
    moderator.presses(number, "approval", {"approval": "0"})
    assert moderator.meeting(number, lambda meeting: meeting.approval) is False


@pytest.mark.parametrize("role", ["politician", "moderator", "official"])
@pytest.mark.parametrize("path", ["", "/edit", "/poster", "/calendar.ics", "/paper", "/room"])
def test_who_has_no_part_in_the_dialogue_finds_no_meeting(
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


def test_my_meetings_are_sorted_by_what_they_need(moderator: Moderator) -> None:
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
