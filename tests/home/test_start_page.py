"""The public start page and its field for a join code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from dialog.db import utcnow, write
from dialog.dialogues.models import Dialogue
from dialog.joining import codes
from dialog.live.limits import WrongGuesses
from tests import factories
from tests.pages import PageClient


def open_forum(**more: object) -> int:
    dialogue = factories.a_dialogue(can_influence="Bänkar, träd och ljus")
    now = utcnow()
    return factories.a_meeting(
        dialogue, form="online", title="Torget på nätet", ends_at=now + timedelta(days=3), **more
    ).id


def test_start_page_of_an_empty_installation_explains_itself(client: PageClient) -> None:
    page = client.get("/").text
    for words in (
        "Inget är öppet på nätet just nu",
        "Ingen sammanställning är publicerad ännu",
        "Fokusområden",
    ):
        assert words in page


def test_start_page_shows_open_online_meetings(app: Flask, client: PageClient) -> None:
    with app.app_context():
        number = open_forum()
    page = client.get("/").text
    for words in (
        "Torget på nätet",
        "Vad skulle få dig",
        "Bänkar, träd och ljus",
        "Trygghet",
        f"/m/{number}",
    ):
        assert words in page


def test_start_page_hides_meetings_on_site(app: Flask, client: PageClient) -> None:
    with app.app_context():
        factories.a_meeting(title="Bara i salen")
    assert "Bara i salen" not in client.get("/").text


@pytest.mark.parametrize(
    ("state", "there"), [("proposed", False), ("planned", False), ("running", True), ("analysis", True)]
)
def test_start_page_shows_dialogues_from_invitation_on(
    app: Flask, client: PageClient, state: str, there: bool
) -> None:
    with app.app_context():
        dialogue = factories.a_dialogue(title="Skolvägen")
        with write() as session:
            session.merge(Dialogue(id=dialogue.id)).state = state
    assert ("Skolvägen" in client.get("/").text) is there


def test_start_page_sets_no_cookie(client: PageClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers
    assert "Set-Cookie" not in client.get("/join?code=AAAA-AAAA").headers


@pytest.mark.parametrize("shape", ["{}-{}", "{}{}", " {} {} ", "{}–{}"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_join_code_is_accepted_in_every_spelling(
    app: Flask, client: PageClient, shape: str, case: object
) -> None:
    with app.app_context():
        code = factories.a_meeting().join_code
    typed = shape.format(code[:4], code[4:])
    answer = client.get("/join", query_string={"code": case(typed)})
    assert answer.status_code == 302
    assert answer.location == f"/j/{code[:4]}-{code[4:]}"


@pytest.mark.parametrize("typed", ["AAAA-AAAA", "<b>hej</b>", "åäö", "x" * 5000, "\u202e1234"])
def test_wrong_code_stays_in_the_field(client: PageClient, typed: str) -> None:
    answer = client.get("/join", query_string={"code": typed})
    assert answer.status_code == 404
    assert "Inget öppet möte har den koden" in answer.text
    assert "<b>hej" not in answer.text
    if typed == "AAAA-AAAA":
        assert 'value="AAAA-AAAA"' in answer.text


def test_empty_code_shows_the_form(client: PageClient) -> None:
    answer = client.get("/join?code=")
    assert answer.status_code == 200
    assert "Inget öppet möte" not in answer.text


def test_wrong_codes_are_slowed_but_right_ones_are_not(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "WRONG_FROM_BLOCK", WrongGuesses(free=3))
    with app.app_context():
        code = factories.a_meeting().join_code
    answers = [client.get("/join?code=AAAA-AAAA") for _ in range(5)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert 'value="AAAA-AAAA"' in answers[-1].text
    assert client.get(f"/join?code={code}").status_code == 302
    assert client.get("/j/AAAA-AAAA.svg").status_code == 429, "the QR code counts as an attempt too"
    assert client.get(f"/j/{code}.svg").status_code == 200


def test_hostile_names_are_escaped_on_the_start_page(app: Flask, client: PageClient) -> None:
    with app.app_context():
        organisation = factories.an_organisation("<script>alert(1)</script>")
        area = factories.an_area(organisation, "<img src=x onerror=alert(2)>", responsible=("<b>x</b>",))
        dialogue = factories.a_dialogue(
            organisation, areas=(area,), question="</h3><script>alert(3)</script>"
        )
        factories.a_meeting(dialogue, form="online", title="<i>" * 60)
    page = client.get("/").text
    for markup in ("<script>alert", "<img src=x", "<b>x", "<i><i>"):
        assert markup not in page
