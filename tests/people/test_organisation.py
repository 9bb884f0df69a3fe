"""The organisation's name, colour, bodies and notices."""

from __future__ import annotations

import pytest
from flask import Flask

from dialog.db import db
from dialog.people import queries
from dialog.people.colour import MIN_CONTRAST, contrast_with_white
from dialog.people.models import Body, Membership, Organisation
from tests.factories import a_body, a_dialogue, a_user, an_area, an_organisation, sign_in
from tests.pages import PageClient


def administrator(app: Flask, client: PageClient, name: str = "Granby kommun") -> int:
    with app.app_context():
        organisation = an_organisation(name)
        sign_in(client, a_user("administrator", organisation))
        return organisation.id


def test_contrast_ratio_matches_wcag() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast_with_white("#777777") < MIN_CONTRAST


def test_every_page_shows_name_and_colour(app: Flask, client: PageClient) -> None:
    number = administrator(app, client)
    assert client.submit("/organisation", {"name": "Nyby kommun", "colour": "#7A1F3D"}).status_code == 302
    page = client.get("/areas").text
    assert "Nyby kommun" in page
    assert f"/theme/{number}.css" in page
    assert ":root{--brand:#7a1f3d}" in client.get(f"/theme/{number}.css").text


@pytest.mark.parametrize("colour", ["#ffff00", "blue", "#12345", "#12345g", "red}*{"])
def test_unreadable_or_malformed_colour_is_refused(app: Flask, client: PageClient, colour: str) -> None:
    number = administrator(app, client)
    answer = client.submit("/organisation", {"name": "Nyby", "colour": colour})
    assert answer.status_code == 400
    assert 'id="colour-error"' in answer.text
    with app.app_context():
        assert db.session.get_one(Organisation, number).colour == ""


def test_taken_organisation_name_is_refused(app: Flask, client: PageClient) -> None:
    administrator(app, client)
    with app.app_context():
        an_organisation("Upptagen kommun")
    answer = client.submit("/organisation", {"name": "Upptagen kommun", "colour": ""})
    assert answer.status_code == 400
    assert 'id="name-error"' in answer.text


def test_style_sheet_has_the_colours_of_areas(app: Flask, client: PageClient) -> None:
    with app.app_context():
        organisation = an_organisation(colour="#0f4c5c")
        area = an_area(organisation, colour=7)
    sheet = client.get(f"/theme/{organisation.id}.css")
    assert sheet.mimetype == "text/css"
    assert f".area-{area.id}{{--area:var(--area-7)}}" in sheet.text
    assert client.get("/theme/999.css").status_code == 404


def test_body_is_added_changed_and_removed(app: Flask, client: PageClient) -> None:
    number = administrator(app, client)
    client.submit("/organisation/bodies/new", {"name": "Kulturnämnden", "kind": "committee"})
    with app.app_context():
        (body,) = queries.bodies_of(number)
    twice = client.submit("/organisation/bodies/new", {"name": "Kulturnämnden", "kind": "council"})
    assert twice.status_code == 400
    client.submit(f"/organisation/bodies/{body.id}", {"name": "Fritidsnämnden", "kind": "drafting"})
    assert "Fritidsnämnden" in client.get("/organisation").text
    path = f"/organisation/bodies/{body.id}"
    client.submit(f"{path}/remove", page=path)
    with app.app_context():
        assert queries.bodies_of(number) == []


def test_body_with_dialogues_cannot_be_removed(app: Flask, client: PageClient) -> None:
    number = administrator(app, client)
    with app.app_context():
        organisation = queries.organisation_by_id(number)
        body = a_body(organisation)
        path = f"/organisation/bodies/{body.id}"
        a_dialogue(organisation, body_id=body.id)
    answer = client.submit(f"{path}/remove", page=path)
    assert answer.status_code == 302
    assert "kan inte tas bort" in client.get("/organisation").text
    with app.app_context():
        assert db.session.get(Body, int(path.rpartition("/")[2])) is not None


def test_bodies_of_other_organisations_are_not_found(app: Flask, client: PageClient) -> None:
    administrator(app, client)
    with app.app_context():
        body = a_body(an_organisation())
    assert client.get(f"/organisation/bodies/{body.id}").status_code == 404
    path = f"/organisation/bodies/{body.id}/remove"
    assert client.submit(path, page="/organisation/bodies/new").status_code == 404


def test_public_notices_show_what_is_missing(app: Flask, client: PageClient) -> None:
    number = administrator(app, client)
    resident = app.test_client()
    privacy = resident.get(f"/privacy/{number}")
    assert privacy.status_code == 200
    for word in (
        "Granby kommun är personuppgiftsansvarig",
        "allmän handling",
        "Integritetsskyddsmyndigheten",
    ):
        assert word in privacy.text
    assert "[Fyll i:" in privacy.text
    statement = resident.get(f"/accessibility/{number}").text
    assert "2018:1937" in statement
    assert resident.get("/privacy/999").status_code == 404
    assert resident.get("/accessibility/999").status_code == 404
    assert 'href="#controller"' in client.get("/organisation/notices").text


def test_administrator_changes_both_notices(app: Flask, client: PageClient) -> None:
    number = administrator(app, client)
    names = ("controller", "purpose", "legal_basis", "retention", "contact")
    names += ("conformance", "known_gaps", "how_tested", "help")
    data = {name: f"Vårt eget om {name}.\n\n<script>alert(1)</script>" for name in names}
    assert client.submit("/organisation/notices", data).status_code == 302
    privacy = client.get(f"/privacy/{number}").text
    assert "Vårt eget om retention." in privacy
    assert "<script>alert" not in privacy
    assert "Vårt eget om help." in client.get(f"/accessibility/{number}").text
    assert 'href="#controller"' not in client.get("/organisation/notices").text


def test_empty_notice_is_refused_and_input_kept(app: Flask, client: PageClient) -> None:
    administrator(app, client)
    answer = client.submit("/organisation/notices", {"controller": "Nytt och viktigt", "purpose": " "})
    assert answer.status_code == 400
    assert "Nytt och viktigt" in answer.text
    assert 'id="purpose-error"' in answer.text


def test_member_of_two_organisations_chooses_one(app: Flask, client: PageClient) -> None:
    with app.app_context():
        first, second = an_organisation("Alfa kommun"), an_organisation("Beta kommun")
        user = a_user("moderator", first)
        db.session.add(Membership(user_id=user.id, organisation_id=second.id, role="official"))
        db.session.commit()
        sign_in(client, user)
    assert "Alfa kommun" in client.get("/areas").text
    assert client.submit("/organisations", {"organisation": second.id}).location == "/home"
    page = client.get("/areas").text
    assert "Beta kommun" in page
    assert "Alfa kommun" not in page
    assert client.submit("/organisations", {"organisation": 999}).status_code == 400
