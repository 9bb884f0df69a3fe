"""Own methods are created from meetings, changed and removed; methods of Dialog are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.db import db
from dialog.dialogues.models import Method
from dialog.meetings import actions
from dialog.meetings.models import Meeting
from dialog.people.models import User
from tests import factories
from tests.pages import PageClient, filled


@dataclass
class Planner:
    """A moderator with a planned café dialogue."""

    app: Flask
    client: PageClient
    meeting: int
    dialogue: int
    user: int

    def keeps(self, name: str = "Vår bykväll") -> int:
        answer = self.client.submit(
            f"/meetings/{self.meeting}/method", {"name": name, "purpose": "Fika först"}
        )
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2])

    def method(self, number: int, read: Any) -> Any:
        with self.app.app_context():
            found = db.session.get(Method, number)
            return None if found is None else read(found)


@pytest.fixture
def planner(app: Flask, client: PageClient) -> Planner:
    with app.app_context():
        dialogue = factories.a_dialogue()
        user = factories.a_user("moderator", dialogue.organisation, dialogue=dialogue)
        client.sign_in(user)
        method = db.session.scalar(select(Method).where(Method.key == "cafedialog"))
        meeting = actions.create_meeting(user, dialogue, method, title="Kväll", form="in_person")
        return Planner(app, client, meeting.id, dialogue.id, user.id)


def test_meeting_becomes_a_method_and_a_meeting_again(planner: Planner) -> None:
    stages = f"/meetings/{planner.meeting}/stages"
    fields = filled(planner.client.get(stages).text)
    second = fields.getlist("stage")[1]
    fields[f"stage-{second}-prompt"] = "Vad saknas i byn?"
    fields[f"stage-{second}-follow_ups"] = "För vem?\nSedan när?"
    fields[f"stage-{second}-holds"] = fields[f"stage-{second}-may_move"] = "y"
    assert planner.client.post(stages, data=fields).status_code == 303
    number = planner.keeps()
    assert planner.method(number, lambda method: (method.key, method.own, method.roles)) == (
        "own-var-bykvall",
        True,
        ["Processledare", "Bordsvärd", "Dokumentatör", "Deltagare"],
    )
    page = planner.client.get(f"/methods/{number}").text
    for words in ("Vår egen", "Vad saknas i byn?", "dolt tills det visas", "Skapa möte med denna metod"):
        assert words in page
    with planner.app.app_context():
        method, user = db.session.get(Method, number), db.session.get(User, planner.user)
        dialogue = db.session.get(factories.Dialogue, planner.dialogue)
        assert user is not None
        assert dialogue is not None
        for form in ("in_person", "online"):
            made = actions.create_meeting(user, dialogue, method, title="Igen", form=form)
            old = db.session.get(Meeting, planner.meeting)
            assert old is not None
            assert [told(stage) for stage in made.stages] == [told(stage) for stage in old.stages], form
            assert made.roles == old.roles
            assert [kind.code for kind in made.kinds] == [kind.code for kind in old.kinds]


def told(stage: Any) -> list[Any]:
    names = ("name", "action", "minutes", "prompt", "follow_ups", "holds", "round")
    rules = ("may_write", "may_see", "may_move", "may_vote", "may_chat")
    return [getattr(stage, name) for name in (*names, *rules)]


def test_same_name_twice_gives_two_methods(planner: Planner) -> None:
    keys = [planner.method(planner.keeps(), lambda method: method.key) for _twice in range(2)]
    assert keys == ["own-var-bykvall", "own-var-bykvall-2"]


def test_method_is_changed_with_its_stages_and_keeps_input(planner: Planner) -> None:
    number = planner.keeps()
    path = f"/methods/{number}/edit"
    fields = filled(planner.client.get(path).text)
    fields["name"], fields["size_min"], fields["size_max"] = "Bättre bykväll", "40", "10"
    fields["stage-1-minutes"] = "0"
    refused = planner.client.post(path, data=fields)
    assert refused.status_code == 400
    for words in ("Bättre bykväll", "Det mindre talet", "mellan 1 och 600"):
        assert words in refused.text
    fields["size_min"], fields["size_max"], fields["stage-1-minutes"] = "4", "100", "12"
    fields["do"] = "down:1"
    moved = filled(planner.client.post(path, data=fields).text)
    assert moved.getlist("stage")[:2] == ["2", "1"]
    moved["do"] = "save"
    assert planner.client.post(path, data=moved).status_code == 303
    read = planner.method(
        number, lambda method: (method.name_sv, method.size_min, method.stages[1]["minutes"])
    )
    assert read == ("Bättre bykväll", 4, 12)


def test_concurrent_change_of_a_method_is_a_conflict(planner: Planner) -> None:
    path = f"/methods/{planner.keeps()}/edit"
    mine, theirs = (filled(planner.client.get(path).text) for _each in range(2))
    theirs["purpose"] = "Deras"
    assert planner.client.post(path, data=theirs).status_code == 303
    mine["purpose"] = "Mitt"
    conflict = planner.client.post(path, data=mine)
    assert conflict.status_code == 409
    assert "Mitt" in conflict.text
    assert planner.client.post(path, data=filled(conflict.text)).status_code == 303


def test_removed_method_leaves_meetings_unchanged(planner: Planner) -> None:
    number = planner.keeps()
    with planner.app.app_context():
        method, user = db.session.get(Method, number), db.session.get(User, planner.user)
        dialogue = db.session.get(factories.Dialogue, planner.dialogue)
        assert user is not None
        assert dialogue is not None
        meeting = actions.create_meeting(user, dialogue, method, title="Igen", form="in_person").id
    answer = planner.client.submit(f"/methods/{number}/remove", page=f"/methods/{number}")
    assert answer.status_code == 303
    assert planner.method(number, lambda method: method.key) is None
    assert "Skörd" in planner.client.get(f"/meetings/{meeting}").text


def test_methods_of_dialog_cannot_be_changed(planner: Planner) -> None:
    with planner.app.app_context():
        number = db.session.scalar(select(Method.id).where(Method.key == "gatur"))
    assert planner.client.get(f"/methods/{number}/edit").status_code == 403
    page = f"/methods/{planner.keeps()}"
    for act in ("edit", "remove"):
        assert planner.client.submit(f"/methods/{number}/{act}", page=page).status_code == 403
    assert planner.method(number, lambda method: method.name_sv) == "Gåtur"


def test_politicians_and_strangers_may_not_change_methods(planner: Planner, app: Flask) -> None:
    number = planner.keeps()
    with app.app_context():
        method = db.session.get(Method, number)
        organisation = db.session.get(factories.Organisation, method.organisation_id) if method else None
        people = {
            403: factories.a_user("politician", organisation),
            404: factories.a_user("administrator"),
        }
        clients = {status: app.test_client() for status in people}
        for status, user in people.items():
            factories.sign_in(clients[status], user)
    for status, client in clients.items():
        token = {"csrf_token": factories.token(client)}
        assert client.get(f"/methods/{number}/file").status_code == status
        assert client.post(f"/methods/{number}/edit", data=token).status_code == status
        assert client.post(f"/methods/{number}/remove", data=token).status_code == status
    assert planner.method(number, lambda method: method.key)
