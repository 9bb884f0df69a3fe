"""Administration of users, and who may not do it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from dialog.audit.models import AuditEntry
from dialog.db import db
from dialog.errors import NotFound
from dialog.people import account_actions, actions, queries
from dialog.people.models import Membership, User
from tests.factories import a_user, an_organisation, sign_in
from tests.pages import PageClient

TEMPORARY = re.compile(r"<code[^>]*>([a-z0-9-]{19})</code>")


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    actions.SIGN_IN_LIMIT._buckets.clear()


def roles_of(app: Flask, email: str) -> set[str]:
    with app.app_context():
        user = queries.user_by_email(email)
        assert user is not None
        return {membership.role for membership in user.memberships}


def administrator(app: Flask, client: PageClient) -> tuple[int, int]:
    """Sign in an administrator; return the ids of organisation and user."""
    with app.app_context():
        organisation = an_organisation()
        user = a_user("administrator", organisation)
        sign_in(client, user)
        return organisation.id, user.id


def colleague(app: Flask, organisation_id: int, *roles: str) -> tuple[int, str]:
    with app.app_context():
        user = a_user(roles or ("moderator",), queries.organisation_by_id(organisation_id))
        return user.id, user.email


def test_new_user_gets_a_temporary_password_once(app: Flask, client: PageClient) -> None:
    administrator(app, client)
    data = {"name": "Åsa Öberg", "email": "Asa@Kommun.example", "roles": ["moderator", "official"]}
    shown = client.submit("/people/new", data)
    assert shown.status_code == 200
    found = TEMPORARY.search(shown.text)
    assert found
    assert found.group(1) not in client.get("/people").text
    assert roles_of(app, "asa@kommun.example") == {"moderator", "official"}
    hers = app.test_client()
    answer = hers.submit("/sign-in", {"email": "asa@kommun.example", "password": found.group(1)})  # type: ignore[attr-defined]
    assert answer.location == "/home"
    assert hers.get("/home").location == "/password"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "email": "a@b.se", "roles": ["official"]}, "name"),
        ({"name": "A", "email": "ingen adress", "roles": ["official"]}, "email"),
        ({"name": "A", "email": "a@b.se"}, "roles"),
        ({"name": "A", "email": "a@b.se", "roles": ["emperor"]}, "roles"),
        ({"name": "x" * 121, "email": "a@b.se", "roles": ["official"]}, "name"),
    ],
)
def test_invalid_user_form_shows_errors_and_keeps_input(
    app: Flask, client: PageClient, data: dict[str, object], field: str
) -> None:
    administrator(app, client)
    answer = client.submit("/people/new", data)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert f'value="{data["email"]}"' in answer.text


def test_taken_address_is_refused(app: Flask, client: PageClient) -> None:
    organisation, _me = administrator(app, client)
    _number, email = colleague(app, organisation)
    answer = client.submit("/people/new", {"name": "B", "email": email, "roles": ["official"]})
    assert answer.status_code == 400
    assert 'id="email-error"' in answer.text


def test_administrator_changes_roles_and_name(app: Flask, client: PageClient) -> None:
    organisation, _me = administrator(app, client)
    number, email = colleague(app, organisation)
    answer = client.submit(
        f"/people/{number}", {"name": "Nytt namn", "email": email, "roles": ["politician"]}
    )
    assert answer.status_code == 302
    assert roles_of(app, email) == {"politician"}
    assert "Nytt namn" in client.get("/people").text


def test_last_administrator_cannot_be_removed(app: Flask, client: PageClient) -> None:
    organisation, me = administrator(app, client)
    with app.app_context():
        email = db.session.get_one(User, me).email
    answer = client.submit(f"/people/{me}", {"name": "Jag", "email": email, "roles": ["moderator"]})
    assert answer.status_code == 400
    assert 'id="roles-error"' in answer.text
    client.submit(f"/people/{me}/stop", page=f"/people/{me}")
    assert client.get("/people").status_code == 200
    colleague(app, organisation, "administrator")
    assert client.submit(f"/people/{me}/stop", page=f"/people/{me}").status_code == 302
    assert client.get("/people").status_code == 302, "the stopped administrator is signed out"


def test_reset_password_replaces_the_old_one(app: Flask, client: PageClient) -> None:
    organisation, _me = administrator(app, client)
    number, email = colleague(app, organisation)
    shown = client.submit(f"/people/{number}/password", page=f"/people/{number}")
    found = TEMPORARY.search(shown.text)
    assert found
    answer = app.test_client().submit("/sign-in", {"email": email, "password": found.group(1)})  # type: ignore[attr-defined]
    assert answer.status_code == 302


def test_stopped_user_can_be_activated_again(app: Flask, client: PageClient) -> None:
    organisation, _me = administrator(app, client)
    number, _email = colleague(app, organisation)
    client.submit(f"/people/{number}/stop", page=f"/people/{number}")
    with app.app_context():
        assert not db.session.get_one(User, number).active
    client.submit(f"/people/{number}/start", page=f"/people/{number}")
    with app.app_context():
        assert db.session.get_one(User, number).active
        acts = {entry.action for entry in db.session.query(AuditEntry).filter_by(object_id=number)}
        assert {"user.activate", "user.deactivate"} <= acts


def test_user_of_two_organisations_cannot_be_taken_over(app: Flask, client: PageClient) -> None:
    """An administrator who sets a password could sign in as that user in the other organisation too."""
    organisation, _me = administrator(app, client)
    number, email = colleague(app, organisation)
    with app.app_context():
        other = an_organisation()
        db.session.add(Membership(user_id=number, organisation_id=other.id, role="administrator"))
        db.session.commit()
    page = client.get(f"/people/{number}").text
    assert f"/people/{number}/password" not in page
    for act in ("password", "stop", "start"):
        answer = client.submit(f"/people/{number}/{act}", page="/people/new")
        assert answer.status_code == 403
    client.submit(f"/people/{number}", {"name": "Annan", "email": "ny@b.se", "roles": ["official"]})
    with app.app_context():
        user = db.session.get_one(User, number)
        assert user.email == email
        assert {(each.organisation_id, each.role) for each in user.memberships} == {
            (organisation, "official"),
            (other.id, "administrator"),
        }


PAGES = ["/people", "/people/new", "/organisation", "/organisation/bodies/new", "/organisation/notices"]


@pytest.mark.parametrize("role", ["moderator", "official", "politician"])
@pytest.mark.parametrize("path", PAGES)
def test_other_roles_may_not_administer(app: Flask, client: PageClient, role: str, path: str) -> None:
    with app.app_context():
        sign_in(client, a_user(role))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_user_without_membership_finds_nothing(app: Flask, client: PageClient, path: str) -> None:
    with app.app_context():
        sign_in(client, a_user(None))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("act", ["", "/password", "/stop", "/start"])
def test_users_of_other_organisations_are_not_found(app: Flask, client: PageClient, act: str) -> None:
    administrator(app, client)
    with app.app_context():
        stranger = a_user("moderator").id
    answer = client.submit(
        f"/people/{stranger}{act}",
        {"name": "X", "email": "x@y.se", "roles": ["official"]},
        page="/people/new",
    )
    assert answer.status_code == 404


def test_change_without_csrf_token_is_refused(app: Flask, client: PageClient) -> None:
    organisation, _me = administrator(app, client)
    number, _email = colleague(app, organisation)
    for path in ("/people/new", f"/people/{number}", f"/people/{number}/password", f"/people/{number}/stop"):
        assert client.post(path, data={"name": "x"}).status_code == 400


def test_command_resets_the_password_of_the_only_administrator(app: Flask, client: PageClient) -> None:
    _organisation, me = administrator(app, client)
    with app.app_context():
        email = db.session.get_one(User, me).email
        password = account_actions.reset_from_command_line(email)
        with pytest.raises(NotFound):
            account_actions.reset_from_command_line("ingen@kommun.example")
    assert client.get("/people").status_code == 302, "signed out everywhere"
    answer = client.submit("/sign-in", {"email": email, "password": password})
    assert answer.location == "/home"
    assert client.get("/home").location == "/password"
