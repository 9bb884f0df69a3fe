"""The example: complete, marked as an example, and loaded once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from dialog.cards.models import Card
from dialog.db import db, write
from dialog.dialogues.models import Dialogue
from dialog.errors import Conflict
from dialog.example.actions import load_example, read_data
from dialog.meetings.models import Meeting
from dialog.people.models import Organisation, User
from dialog.reports.models import Report
from tests import factories
from tests.live_server import LiveServer
from tests.pages import PageClient

PASSWORD = "en lagom lang mening"


def meetings() -> tuple[Meeting, Meeting]:
    evening, today = db.session.scalars(select(Meeting).order_by(Meeting.id))
    return evening, today


@pytest.fixture
def loaded(app: Flask) -> Flask:
    with app.app_context():
        load_example(PASSWORD)
    return app


def test_example_evening_matches_its_minutes(loaded: Flask) -> None:
    with loaded.app_context():
        evening, _today = meetings()
        assert (evening.state, evening.place, evening.method_key) == (
            "closed",
            "Dala-Järna Hotell",
            "grupparbete",
        )
        assert evening.starts_at is not None
        assert evening.starts_at.date().isoformat() == "2014-12-04"
        assert evening.closed_at is not None
        assert evening.closed_at.year == 2014
        assert (evening.attendance, evening.attendance_basis) == (None, "unknown")
        assert "utdrag" in evening.completeness
        assert [len(table.chosen_areas) for table in evening.tables] == [2, 2, 2]
        cards = list(db.session.scalars(select(Card).where(Card.meeting_id == evening.id)))
        assert len(cards) == 20
        assert {card.channel for card in cards} == {"import"}
        assert {card.area_source for card in cards} == {"example"}
        assert {card.kind_code for card in cards} == {"wish"}
        assert {card.created_at.year for card in cards} == {2014}
        parents = {card.parent_id for card in cards if card.parent_id}
        assert len(parents) == 1
        assert sum(1 for card in cards if card.parent_id) == 4
        by_table = {table.name: 0 for table in evening.tables}
        names = {table.id: table.name for table in evening.tables}
        for card in cards:
            assert card.table_id is not None
            by_table[names[card.table_id]] += 1
        assert sorted(by_table.values()) == [3, 8, 9]


def test_example_areas_have_purposes_and_responsible(loaded: Flask) -> None:
    with loaded.app_context():
        dialogue = db.session.scalars(select(Dialogue)).one()
        assert dialogue.example
        assert len(dialogue.areas) == 6
        for area in dialogue.areas:
            assert area.purpose_progress
            assert area.purpose_collaboration
            assert area.responsible
        tourism = next(area for area in dialogue.areas if area.name == "Turismsamverkan")
        assert [party.name for party in tourism.responsible] == [
            "Vansbro kommun",
            "Näringslivssamverkan",
            "Visit Södra Dalarna",
        ]


def test_todays_meeting_lets_everybody_write_and_see(loaded: Flask) -> None:
    with loaded.app_context():
        _evening, today = meetings()
        assert (today.state, today.approval, today.method_key, len(today.tables)) == (
            "open",
            False,
            "cafedialog",
            6,
        )
        assert today.join_code
        assert today.stage is not None
        assert today.stage.may_write
        assert today.stage.may_see
        written = select(func.count()).select_from(Card).where(Card.meeting_id == today.id)
        assert db.session.scalar(written) == 0


def test_report_of_the_example_is_published(loaded: Flask) -> None:
    with loaded.app_context():
        report = db.session.scalars(select(Report)).one()
        assert report.state == "published"
        number = report.id
    stranger = loaded.test_client()
    page = stranger.get(f"/reports/{number}")
    assert page.status_code == 200
    assert "Evenemangskalender" in page.text
    assert "uppgift saknas" in page.text.lower()
    assert f"/reports/{number}" in stranger.get("/").text


def test_example_is_marked_as_an_example(loaded: Flask, client: PageClient) -> None:
    assert "Exempel" in client.get("/").text
    assert "exempel" in read_data()["organisation"]["name"]
    assert "våra" in read_data()["evening"]["completeness"]


def test_example_users_sign_in_with_the_password(loaded: Flask) -> None:
    for person in read_data()["people"]:
        answer = loaded.test_client().submit(
            "/sign-in", {"email": person["email"], "password": PASSWORD, "next": ""}
        )
        assert answer.status_code == 302, person["email"]


def test_loading_the_example_again_changes_nothing(loaded: Flask) -> None:
    with loaded.app_context():
        before = [db.session.scalar(select(func.count()).select_from(kind)) for kind in (Card, User, Meeting)]
        assert load_example("another password, long enough").people == ()
        after = [db.session.scalar(select(func.count()).select_from(kind)) for kind in (Card, User, Meeting)]
    assert before == after


def test_interrupted_load_is_reported(app: Flask) -> None:
    with app.app_context():
        with write() as session:
            session.add(Organisation(**read_data()["organisation"]))
        with pytest.raises(Conflict, match="only in part"):
            load_example(PASSWORD)


def test_loading_the_example_keeps_other_organisations(app: Flask) -> None:
    with app.app_context():
        factories.a_meeting()
        load_example(PASSWORD)
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_demo_command_prints_the_sign_ins(live_server: LiveServer) -> None:
    said = live_server.run("demo").stdout
    code = re.search(r"/j/([A-Z0-9]{4}-[A-Z0-9]{4})", said)
    assert code
    assert live_server.get(f"/j/{code.group(1)}").status == 200
    assert "moderator@vansbro.example" in said
    report = re.search(r"(/reports/\d+)", said)
    assert report
    assert live_server.get(report.group(1)).status == 200
    again = live_server.run("demo").stdout
    assert code.group(1) in again
    assert "moderator@vansbro.example" not in again, "the password is printed once"


def test_short_demo_password_is_refused(live_server: LiveServer) -> None:
    refused = live_server.run("demo", "--password", "kort", check=False)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert live_server.run("demo").returncode == 0, "nothing was loaded in part"
