"""A planned meeting: opening, codes and posters, changing, tables, attendance and the projector link."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from dialog.cards import create_actions
from dialog.db import db
from dialog.meetings.models import Meeting
from tests import factories
from tests.pages import PageClient
from tests.planning.planner import Moderator, faults


def test_opening_twice_keeps_the_join_code(moderator: Moderator) -> None:
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


def test_calendar_file_has_the_planned_times(moderator: Moderator) -> None:
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
