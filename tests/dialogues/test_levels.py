"""The participation ladder, which each organisation words for itself."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues.models import ParticipationLevel
from dialog.people.queries import organisation_by_id
from tests.factories import a_dialogue, a_user, an_organisation, sign_in
from tests.pages import PageClient

NEW = {
    "label_sv": "Ungdomsråd",
    "promise_sv": "Ungdomsrådet säger sitt först.",
    "label_en": "Youth council",
    "promise_en": "The youth council speaks first.",
    "position": "2",
}


def administrator(app: Flask, client: PageClient) -> int:
    with app.app_context():
        organisation = an_organisation()
        sign_in(client, a_user("administrator", organisation))
        return organisation.id


def level_id(app: Flask, organisation: int, label: str) -> int:
    with app.app_context():
        return db.session.scalars(
            select(ParticipationLevel.id).where(
                ParticipationLevel.organisation_id == organisation, ParticipationLevel.label_sv == label
            )
        ).one()


def test_level_is_added_changed_and_removed(app: Flask, client: PageClient) -> None:
    organisation = administrator(app, client)
    assert client.submit("/organisation/levels/new", NEW).status_code == 302
    number = level_id(app, organisation, "Ungdomsråd")
    assert "Ungdomsrådet säger sitt först." in client.get("/organisation/levels").text
    assert "Ungdomsrådet säger sitt först." in client.get("/dialogues/new").text
    path = f"/organisation/levels/{number}"
    assert client.submit(path, {**NEW, "label_sv": "Ungas råd"}).status_code == 302
    assert "Ungas råd" in client.get("/organisation/levels").text
    client.submit(f"{path}/remove", page=path)
    assert "Ungas råd" not in client.get("/organisation/levels").text


def test_promised_level_cannot_be_removed(app: Flask, client: PageClient) -> None:
    organisation = administrator(app, client)
    number = level_id(app, organisation, "Dialog")
    with app.app_context():
        a_dialogue(organisation_by_id(organisation))
    path = f"/organisation/levels/{number}"
    client.submit(f"{path}/remove", page=path)
    assert "kan inte tas bort" in client.get("/organisation/levels").text
    assert level_id(app, organisation, "Dialog") == number


@pytest.mark.parametrize("field", list(NEW))
def test_level_requires_every_field(app: Flask, client: PageClient, field: str) -> None:
    administrator(app, client)
    answer = client.submit("/organisation/levels/new", {**NEW, field: ""})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("role", ["moderator", "official", "politician"])
def test_only_administrators_change_levels(app: Flask, client: PageClient, role: str) -> None:
    with app.app_context():
        organisation = an_organisation()
        sign_in(client, a_user(role, organisation))
    number = level_id(app, organisation.id, "Dialog")
    for path in ("/organisation/levels", "/organisation/levels/new", f"/organisation/levels/{number}"):
        assert client.get(path).status_code == 403


def test_levels_of_other_organisations_are_not_found(app: Flask, client: PageClient) -> None:
    administrator(app, client)
    with app.app_context():
        other = an_organisation().id
    number = level_id(app, other, "Dialog")
    path = f"/organisation/levels/{number}"
    assert client.get(path).status_code == 404
    assert client.submit(f"{path}/remove", page="/organisation/levels/new").status_code == 404
