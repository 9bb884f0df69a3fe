"""Pages of dialogues: fields, permissions and assignments."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues.models import Dialogue, ParticipationLevel
from dialog.people.models import Assignment, Organisation
from tests.factories import a_body, a_dialogue, a_meeting, a_user, an_area, an_organisation, sign_in
from tests.pages import PageClient

LEAST = {"title": "Torget", "question": "Hur vill du ha torget?"}


def member(app: Flask, client: PageClient, role: str = "moderator") -> int:
    with app.app_context():
        organisation = an_organisation()
        sign_in(client, a_user(role, organisation, name="Maja Lind"))
        return organisation.id


def the_dialogue() -> Dialogue:
    return db.session.scalars(select(Dialogue)).one()


@pytest.mark.parametrize(("role", "part"), [("moderator", "moderator"), ("official", "official")])
def test_dialogue_needs_title_and_question_and_assigns_its_author(
    app: Flask, client: PageClient, role: str, part: str
) -> None:
    member(app, client, role)
    answer = client.submit("/dialogues/new", LEAST)
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "Hur vill du ha torget?" in page
    assert "Maja Lind" in page
    assert "Torget" in client.get("/dialogues").text
    with app.app_context():
        assert the_dialogue().state == "proposed"
        assert [each.role for each in db.session.scalars(select(Assignment))] == [part]


def test_all_fields_of_a_dialogue_are_saved_and_shown(app: Flask, client: PageClient) -> None:
    number = member(app, client)
    with app.app_context():
        organisation = db.session.get_one(Organisation, number)
        areas = [an_area(organisation, name).id for name in ("Grönska", "Trygghet", "Handel")]
        body = a_body(organisation, "Tekniska nämnden").id
        official = a_user("official", organisation, name="Olle Ek").id
        level = db.session.scalars(
            select(ParticipationLevel.id).where(ParticipationLevel.code == "influence")
        ).one()
    data: dict[str, Any] = {
        **LEAST,
        "why": "Torget ska byggas om.\nNu.",
        "can_influence": "Sittplatser",
        "cannot_influence": "Budgeten",
        "level_id": level,
        "target_group": "Alla som går över torget",
        "areas": [areas[0], areas[2]],
        "body_id": body,
        "official_id": official,
        "decision_date": "2027-03-01",
        "case_number": "KS 2026/123",
    }
    shown = client.submit("/dialogues/new", data)
    page = client.get(shown.location).text
    for text in (
        "Torget ska byggas om.",
        "Sittplatser",
        "Budgeten",
        "Inflytande",
        "Alla som går över torget",
        "Grönska",
        "Handel",
        "Tekniska nämnden",
        "Olle Ek",
        "1 mars 2027",
        "KS 2026/123",
    ):
        assert text in page
    assert "Trygghet" not in page
    with app.app_context():
        dialogue = the_dialogue()
        assert dialogue.decision_date == date(2027, 3, 1)
        assert [area.id for area in dialogue.areas] == [areas[0], areas[2]]
        parts = db.session.scalars(select(Assignment.role).where(Assignment.user_id == official))
        assert parts.all() == ["official"], "the responsible official can get in"
        path = f"/dialogues/{dialogue.id}/edit"
    again = client.get(path).text
    assert 'value="2027-03-01"' in again
    assert client.submit(path, {**data, "areas": [areas[1]], "body_id": ""}).status_code == 302
    with app.app_context():
        changed = the_dialogue()
        assert [area.id for area in changed.areas] == [areas[1]]
        assert changed.body_id is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"question": "   "}, "question"),
        ({"question": "ring\x07 klocka"}, "question"),
        ({"decision_date": "nästa år"}, "decision_date"),
        ({"level_id": "9999"}, "level_id"),
        ({"level_id": "ett"}, "level_id"),
        ({"body_id": "9999"}, "body_id"),
        ({"official_id": "9999"}, "official_id"),
        ({"areas": ["9999"]}, "areas"),
        ({"areas": ["ett"]}, "areas"),
        ({"case_number": "x" * 61}, "case_number"),
    ],
)
def test_bad_input_is_refused_at_the_field_and_kept(
    app: Flask, client: PageClient, change: dict[str, Any], field: str
) -> None:
    number = member(app, client)
    with app.app_context():
        an_area(db.session.get_one(Organisation, number))
    answer = client.submit("/dialogues/new", {**LEAST, "why": "Detta får inte försvinna", **change})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert "Detta får inte försvinna" in answer.text
    if field == "decision_date":
        assert 'value="nästa år"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Dialogue)) is None


def test_rows_of_another_organisation_cannot_be_chosen(app: Flask, client: PageClient) -> None:
    member(app, client)
    with app.app_context():
        other = an_organisation()
        area, body = an_area(other).id, a_body(other).id
        official = a_user("official", other).id
    for change in ({"areas": [area]}, {"body_id": body}, {"official_id": official}):
        assert client.submit("/dialogues/new", {**LEAST, **change}).status_code == 400


def paths(number: int) -> list[str]:
    return [f"/dialogues/{number}", f"/dialogues/{number}/edit"]


def test_dialogue_is_visible_to_assigned_users_and_administrators(app: Flask) -> None:
    """Assigned users and administrators see it, other members are refused, strangers get 404."""
    with app.app_context():
        organisation = an_organisation()
        dialogue = a_dialogue(organisation)
        number = dialogue.id
        expected = [
            (a_user("moderator", organisation, dialogue=dialogue), 200),
            (a_user("official", organisation, dialogue=dialogue), 200),
            (a_user("administrator", organisation), 200),
            (a_user("moderator", organisation, dialogue=a_dialogue(organisation, areas=())), 403),
            (a_user("official", organisation), 403),
            (a_user("politician", organisation), 403),
            (a_user("politician", organisation, dialogue=dialogue), 403),
            (a_user("administrator"), 404),
            (a_user("moderator", dialogue=a_dialogue()), 404),
            (a_user(None), 404),
        ]
        people = []
        for user, status in expected:
            client = app.test_client()
            sign_in(client, user)
            people.append((client, status))
    for client, status in people:
        for path in paths(number):
            assert client.get(path).status_code == status
    for path in paths(number):
        assert app.test_client().get(path).status_code == 302


def test_every_action_is_refused_to_unassigned_users(app: Flask) -> None:
    with app.app_context():
        organisation = an_organisation()
        dialogue = a_dialogue(organisation)
        number = dialogue.id
        part = a_user("moderator", organisation, dialogue=dialogue)
        assignment = db.session.scalars(select(Assignment.id)).one()
        wrong, stranger = app.test_client(), app.test_client()
        sign_in(wrong, a_user("moderator", organisation))
        sign_in(stranger, a_user("moderator"))
        number_of_user = part.id
    acts: list[tuple[str, dict[str, Any]]] = [
        (f"/dialogues/{number}/edit", LEAST),
        (f"/dialogues/{number}/state", {"state": "cancelled", "reason": "Därför"}),
        (f"/dialogues/{number}/team", {"user_id": number_of_user, "role": "moderator"}),
        (f"/dialogues/{number}/team/{assignment}/remove", {}),
    ]
    for path, data in acts:
        assert wrong.submit(path, data, page="/areas").status_code == 403  # type: ignore[attr-defined]
        assert stranger.submit(path, data, page="/areas").status_code == 404  # type: ignore[attr-defined]
        assert wrong.post(path, data=data).status_code == 400, "without a token"


def test_dialogue_list_depends_on_role_and_assignment(app: Flask) -> None:
    with app.app_context():
        organisation = an_organisation()
        mine = a_dialogue(organisation, title="Min dialog")
        a_dialogue(organisation, areas=(), title="En annans")
        moderator, administrator, politician = (app.test_client() for _each in range(3))
        sign_in(moderator, a_user("moderator", organisation, dialogue=mine))
        sign_in(administrator, a_user("administrator", organisation))
        sign_in(politician, a_user("politician", organisation))
    assert "Min dialog" in moderator.get("/dialogues").text
    assert "En annans" not in moderator.get("/dialogues").text
    assert "En annans" in administrator.get("/dialogues").text
    assert politician.get("/dialogues").status_code == 403
    assert politician.get("/dialogues/new").status_code == 403


def test_dialogue_page_lists_its_meetings(app: Flask, client: PageClient) -> None:
    with app.app_context():
        dialogue = a_dialogue()
        meeting = a_meeting(dialogue, title="Kväll i Folkets hus")
        sign_in(client, a_user("moderator", dialogue=dialogue))
        number, other = dialogue.id, meeting.id
    page = client.get(f"/dialogues/{number}").text
    assert "Kväll i Folkets hus" in page
    assert f"/meetings/{other}" in page


def test_users_are_assigned_and_unassigned(app: Flask, client: PageClient) -> None:
    with app.app_context():
        dialogue = a_dialogue()
        organisation = db.session.get_one(Organisation, dialogue.organisation_id)
        sign_in(client, a_user("administrator", organisation))
        new = a_user("moderator", organisation, name="Nils Berg")
        hers = app.test_client()
        sign_in(hers, new)
        path, number = f"/dialogues/{dialogue.id}", new.id
        politician = a_user("politician", organisation).id
    assert hers.get(path).status_code == 403
    team = {"user_id": number, "role": "moderator"}
    assert client.submit(f"{path}/team", team, page=path).status_code == 302
    assert "Nils Berg" in client.get(path).text
    assert hers.get(path).status_code == 200
    assert client.submit(f"{path}/team", team, page=path).status_code == 400, "twice"
    official = {"user_id": number, "role": "official"}
    assert client.submit(f"{path}/team", official, page=path).status_code == 400, "not that role"
    wrong = {"user_id": politician, "role": "official"}
    assert client.submit(f"{path}/team", wrong, page=path).status_code == 400, "not on the list"
    with app.app_context():
        part = db.session.scalars(select(Assignment.id).where(Assignment.user_id == number)).one()
    assert client.submit(f"{path}/team/{part}/remove", page=path).status_code == 302
    assert hers.get(path).status_code == 403
    assert client.submit(f"{path}/team/{part}/remove", page=path).status_code == 404


def test_unassigning_oneself_redirects_to_the_list(app: Flask, client: PageClient) -> None:
    with app.app_context():
        dialogue = a_dialogue()
        sign_in(client, a_user("moderator", dialogue=dialogue))
        part = db.session.scalars(select(Assignment.id)).one()
        path = f"/dialogues/{dialogue.id}"
    assert client.submit(f"{path}/team/{part}/remove", page=path).location == "/dialogues"


def test_long_and_hostile_text_is_escaped(app: Flask, client: PageClient) -> None:
    member(app, client)
    title = "<script>alert(1)</script>" + "å" * 175
    shown = client.submit("/dialogues/new", {"title": title, "question": "😀 漢 مرحبا " * 20})
    page = client.get(shown.location).text
    assert "<script>alert" not in page
    assert "å" * 175 in page
    assert "😀 漢 مرحبا" in page
