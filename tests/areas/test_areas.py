"""Focus areas: fields, permissions and refused input."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.areas.models import FocusArea
from dialog.db import db
from dialog.people.queries import organisation_by_id
from tests.factories import a_user, an_area, an_organisation, sign_in
from tests.pages import PageClient

FULL = {
    "name": "Trygghet",
    "purpose_progress": "Belysning på gångvägarna.",
    "purpose_collaboration": "Bolag och förening gör vintern ihop.",
    "responsible": "Gatuchef\n\n Byalaget \nGatuchef",
    "aliases": "Säkerhet\nTrygga vägar",
    "status": "active",
    "colour": "5",
    "position": "3",
    "note": "",
}


def member(app: Flask, client: PageClient, role: str = "official") -> int:
    with app.app_context():
        organisation = an_organisation()
        sign_in(client, a_user(role, organisation))
        return organisation.id


def the_area(app: Flask) -> FocusArea:
    area = db.session.scalars(select(FocusArea)).one()
    assert isinstance(area, FocusArea)
    return area


@pytest.mark.parametrize("role", ["administrator", "official"])
def test_area_has_two_purposes_and_several_responsible(app: Flask, client: PageClient, role: str) -> None:
    member(app, client, role)
    assert client.submit("/areas/new", FULL).status_code == 302
    page = client.get("/areas").text
    for text in ("Belysning på gångvägarna.", "Bolag och förening", "Gatuchef, Byalaget", "Säkerhet"):
        assert text in page
    with app.app_context():
        area = the_area(app)
        assert [party.name for party in area.responsible] == ["Gatuchef", "Byalaget"]
        assert area.aliases == ["Säkerhet", "Trygga vägar"]
        assert (area.colour, area.position) == (5, 3)


def test_change_keeps_the_area_and_its_responsible(app: Flask, client: PageClient) -> None:
    member(app, client)
    client.submit("/areas/new", FULL)
    with app.app_context():
        before = the_area(app)
        number, parties = before.id, [party.id for party in before.responsible]
    path = f"/areas/{number}/edit"
    shown = client.get(path).text
    assert "Gatuchef\nByalaget" in shown
    assert client.submit(path, {**FULL, "status": "ended", "note": "Klart."}).status_code == 302
    with app.app_context():
        area = the_area(app)
        assert (area.id, area.status, area.note) == (number, "ended", "Klart.")
        assert [party.id for party in area.responsible] == parties


def test_new_area_gets_the_least_used_colour(app: Flask, client: PageClient) -> None:
    number = member(app, client)
    with app.app_context():
        for colour in (1, 2, 4):
            an_area(organisation_by_id(number), colour=colour)
    page = client.get("/areas/new").text
    assert '<option selected value="3">' in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Trygg\u202ehet"}, "name"),
        ({"responsible": "x" * 201}, "responsible"),
        ({"aliases": "\n".join(str(number) for number in range(31))}, "aliases"),
        ({"status": "lost"}, "status"),
        ({"colour": "13"}, "colour"),
        ({"position": "-1"}, "position"),
        ({"position": "mycket"}, "position"),
        ({"purpose_progress": "x" * 2001}, "purpose_progress"),
    ],
)
def test_bad_input_is_refused_at_the_field_and_kept(
    app: Flask, client: PageClient, change: dict[str, str], field: str
) -> None:
    member(app, client)
    answer = client.submit("/areas/new", {**FULL, **change})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert "Bolag och förening gör vintern ihop." in answer.text
    if field == "position":
        assert f'value="{change["position"]}"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(FocusArea)) is None


def test_taken_area_name_is_refused(app: Flask, client: PageClient) -> None:
    member(app, client)
    client.submit("/areas/new", FULL)
    answer = client.submit("/areas/new", FULL)
    assert answer.status_code == 400
    assert 'id="name-error"' in answer.text


@pytest.mark.parametrize("role", ["moderator", "politician"])
def test_members_read_areas_but_other_roles_do_not_edit(app: Flask, client: PageClient, role: str) -> None:
    number = member(app, client, role)
    with app.app_context():
        area = an_area(organisation_by_id(number), "Grönska").id
    page = client.get("/areas")
    assert page.status_code == 200
    assert "Grönska" in page.text
    assert "/edit" not in page.text
    assert client.get("/areas/new").status_code == 403
    assert client.get(f"/areas/{area}/edit").status_code == 403
    assert client.submit(f"/areas/{area}/edit", FULL, page="/areas").status_code == 403


def test_stranger_finds_no_areas(app: Flask, client: PageClient) -> None:
    member(app, client)
    with app.app_context():
        area = an_area(an_organisation(), "Hemligt område").id
    assert "Hemligt område" not in client.get("/areas").text
    assert client.get(f"/areas/{area}/edit").status_code == 404
    assert client.submit(f"/areas/{area}/edit", FULL, page="/areas").status_code == 404
    assert app.test_client().get("/areas").status_code == 302


def test_hostile_area_name_is_escaped(app: Flask, client: PageClient) -> None:
    member(app, client)
    client.submit("/areas/new", {**FULL, "name": '"><script>alert(1)</script>', "note": "{{ 7*7 }}"})
    page = client.get("/areas").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
