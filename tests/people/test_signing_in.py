"""Signing in and out, one's own password, and what failed attempts reveal."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from dialog.audit.models import AuditEntry
from dialog.db import db, utcnow, write
from dialog.people import actions
from dialog.people.models import SignedOut, User
from tests.factories import PASSWORD, a_user, sign_in, token
from tests.pages import TOKEN, PageClient

WRONG = "E-postadressen eller lösenordet stämmer inte."


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    actions.SIGN_IN_LIMIT._buckets.clear()


def made(app: Flask, role: str = "moderator", **more: object) -> str:
    with app.app_context():
        return a_user(role, **more).email  # type: ignore[arg-type]


def test_sign_in_redirects_to_dialogues(app: Flask, client: PageClient) -> None:
    email = made(app)
    answer = client.submit("/sign-in", {"email": f"  {email.upper()} ", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.location == "/home"
    assert client.get("/home").location == "/dialogues"


def test_politician_is_redirected_to_reports(app: Flask, client: PageClient) -> None:
    client.submit("/sign-in", {"email": made(app, "politician"), "password": PASSWORD})
    assert client.get("/home").location == "/reports"


def test_failed_sign_in_says_the_same_for_every_address(app: Flask, client: PageClient) -> None:
    known = made(app)
    with app.app_context():
        stopped = a_user("moderator")
        with write() as session:
            session.get_one(User, stopped.id).active = False
        gone = stopped.email
    answers = [
        client.submit("/sign-in", {"email": email, "password": password})
        for email, password in ((known, "fel"), ("ingen@kommun.example", "fel"), (gone, PASSWORD))
    ]
    assert {answer.status_code for answer in answers} == {400}
    pages = {
        TOKEN.sub("", answer.text).replace(email, "")
        for answer, email in zip(answers, (known, "ingen@kommun.example", gone), strict=True)
    }
    assert len(pages) == 1
    assert WRONG in pages.pop()


def test_failed_sign_in_keeps_the_address_but_not_the_password(app: Flask, client: PageClient) -> None:
    answer = client.submit("/sign-in", {"email": "anna@kommun.example", "password": "hemligheten"})
    assert 'value="anna@kommun.example"' in answer.text
    assert "hemligheten" not in answer.text


def test_guessing_is_slowed_without_locking_anybody_out(app: Flask, client: PageClient) -> None:
    email = made(app)
    for _guess in range(5):
        assert client.submit("/sign-in", {"email": email, "password": "fel"}).status_code == 400
    slowed = client.submit("/sign-in", {"email": email, "password": "fel"})
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    elsewhere = app.test_client()
    answer = elsewhere.post(
        "/sign-in",
        data={"csrf_token": token(elsewhere), "email": email, "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert answer.status_code == 302


def test_sign_in_returns_to_the_requested_page(app: Flask, client: PageClient) -> None:
    email = made(app)
    asked = client.get("/areas?x=1")
    assert asked.status_code == 302
    going = urlsplit(asked.location)
    assert going.path == "/sign-in"
    assert parse_qs(going.query) == {"next": ["/areas?x=1"]}
    page = client.get(asked.location).text
    assert 'value="/areas?x=1"' in page
    answer = client.submit("/sign-in", {"email": email, "password": PASSWORD, "next": "/areas?x=1"})
    assert answer.location == "/areas?x=1"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "x"])
def test_sign_in_never_redirects_to_another_site(app: Flask, client: PageClient, elsewhere: str) -> None:
    answer = client.submit("/sign-in", {"email": made(app), "password": PASSWORD, "next": elsewhere})
    assert answer.location == "/"


def test_sign_in_starts_a_new_session(app: Flask, client: PageClient) -> None:
    with client.session_transaction() as session:
        session["left_by_somebody"] = "else"
    client.submit("/sign-in", {"email": made(app), "password": PASSWORD})
    with client.session_transaction() as session:
        assert "left_by_somebody" not in session


def test_sign_in_is_logged_without_address(app: Flask, client: PageClient) -> None:
    email = made(app)
    client.submit("/sign-in", {"email": email, "password": PASSWORD})
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="user.sign_in").one()
        assert entry.actor_kind == "user"
        assert entry.details == {}


def test_sign_out_needs_a_token_and_ends_the_session(app: Flask, client: PageClient) -> None:
    with app.app_context():
        sign_in(client, a_user())
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert client.get("/areas").status_code == 200
    assert client.submit("/sign-out", page="/areas").status_code == 302
    assert client.get("/areas").status_code == 302


def test_copied_cookie_is_invalid_after_sign_out(app: Flask, client: PageClient) -> None:
    with app.app_context():
        email = a_user().email
    others = app.test_client()
    client.submit("/sign-in", {"email": email, "password": PASSWORD})
    copy = client.get_cookie("dialog_session")
    others.submit("/sign-in", {"email": email, "password": PASSWORD})  # type: ignore[attr-defined]
    assert copy is not None
    assert client.submit("/sign-out", page="/areas").status_code == 302
    client.set_cookie("dialog_session", copy.value)
    assert client.get("/areas").status_code == 302
    assert others.get("/areas").status_code == 200, "only this browser was signed out"


def test_sign_out_record_is_deleted_when_its_cookie_has_expired(app: Flask, client: PageClient) -> None:
    with app.app_context():
        user = a_user()
        with write() as session:
            for days in (30, 32):
                at = utcnow() - timedelta(days=days)
                session.add(SignedOut(user_id=user.id, browser=f"{days} days", at=at))
        sign_in(client, user)
    client.submit("/sign-out", page="/areas")
    with app.app_context():
        kept = db.session.scalars(select(SignedOut.browser).order_by(SignedOut.at)).all()
        assert len(kept) == 2
        assert kept[0] == "30 days"


def test_new_password_works_and_ends_other_sessions(app: Flask, client: PageClient) -> None:
    with app.app_context():
        user = a_user()
        sign_in(client, user)
        other = app.test_client()
        sign_in(other, user)
        email = user.email
    new = "ett nytt och längre ett"
    answer = client.submit("/password", {"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert client.get("/areas").status_code == 200
    assert other.get("/areas").status_code == 302
    assert app.test_client().submit("/sign-in", {"email": email, "password": new}).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"current": "fel", "password": "ett nytt lösenord", "again": "ett nytt lösenord"}, "current"),
        ({"current": PASSWORD, "password": "kort", "again": "kort"}, "password"),
        ({"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}, "password"),
        ({"current": PASSWORD, "password": "ett nytt lösenord", "again": "ett annat lösen"}, "again"),
        ({"current": PASSWORD, "password": "x" * 5000, "again": "x" * 5000}, "password"),
        ({}, "current"),
    ],
)
def test_bad_new_password_is_refused_at_the_field(
    app: Flask, client: PageClient, sent: dict[str, str], field: str
) -> None:
    with app.app_context():
        sign_in(client, a_user())
    answer = client.submit("/password", sent)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert not any(f'value="{text}"' in answer.text for text in sent.values())


def test_temporary_password_must_be_changed_first(app: Flask, client: PageClient) -> None:
    with app.app_context():
        user = a_user()
        with write() as session:
            session.get_one(User, user.id).must_change_password = True
        sign_in(client, user)
    assert client.get("/areas").location == "/password"
    assert client.get("/").location == "/password"
    new = "mitt alldeles egna"
    client.submit("/password", {"current": PASSWORD, "password": new, "again": new})
    assert client.get("/areas").status_code == 200


def test_stopped_user_is_signed_out_at_once(app: Flask, client: PageClient) -> None:
    with app.app_context():
        user = a_user()
        sign_in(client, user)
    assert client.get("/areas").status_code == 200
    with app.app_context(), write() as session:
        session.get_one(User, user.id).active = False
    assert client.get("/areas").status_code == 302


def test_unavailable_database_is_reported_on_the_page(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        sign_in(client, a_user())

    def silent(*_given: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    monkeypatch.setattr("dialog.people.queries.session_user", silent)
    answer = client.get("/areas")
    assert answer.status_code == 503
    assert "Vi kan inte spara just nu" in answer.text
    monkeypatch.undo()
    assert client.get("/areas").status_code == 200, "nobody was signed out by it"
    monkeypatch.setattr("dialog.people.queries.organisations_of", silent)
    answer = client.get("/areas")
    assert answer.status_code == 503
    assert "Vi kan inte spara just nu" in answer.text
