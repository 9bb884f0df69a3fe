"""Every route of the application, requested as every role."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from dialog import create_app
from tests.conftest import settings_for
from tests.live_server import lay_database
from tests.security.route_table import BODIES, address, format_rows, outcome, routes, rows
from tests.security.world import ROLES, Again, World, make_world


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("matrix")
    lay_database(migrated_sqlite, folder)
    return create_app(settings_for(folder))


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return make_world(app)


@pytest.fixture(scope="module")
def again(app: Flask, world: World) -> Iterator[Again]:
    again = Again(app, app.extensions["dialog_settings"].data_dir)
    yield again
    again.close()


def test_table_has_one_row_for_every_route(app: Flask) -> None:
    assert set(rows()) == {f"{method} {rule.rule}" for method, rule in routes(app)}


def test_every_role_gets_the_outcome_in_the_table(app: Flask, world: World, again: Again) -> None:
    expected, found = rows(), {}
    for method, rule in routes(app):
        outcomes: list[str] = []
        for role in ROLES:
            outcomes.append(outcome(world, role, method, rule))
            if method != "GET" and outcomes[-1] == "+":
                again()  # what one role did must not affect the next one
        found[f"{method} {rule.rule}"] = outcomes
    assert format_rows(found) == format_rows({name: expected.get(name, []) for name in found})


def test_changing_request_without_csrf_token_is_refused(app: Flask, world: World, again: Again) -> None:
    """Another site can make a browser send our cookies, but not the token of our page."""
    again()
    tried = 0
    for method, rule in routes(app):
        if method == "GET" or rule.endpoint == "joining.join":  # joining ignores cookies
            continue
        for role in ("participant", "administrator", "moderator"):
            client, _headers = world.client(role)
            path, body = address(world, rule), BODIES.get(rule.endpoint, lambda world: {})(world)
            sent = {"json": body} if path.startswith("/api/") else {"data": body}
            for headers in ({}, {"X-CSRFToken": "made up"}, {"Authorization": "Bearer"}):
                answer = client.open(path, method=method, headers=headers, **sent)
                assert answer.status_code == 400, (role, method, path)
                tried += 1
    assert tried > 100


def test_every_page_carries_the_security_headers(app: Flask, world: World) -> None:
    for method, rule in routes(app):
        if method != "GET":
            continue
        for role in ("stranger", "participant", "administrator"):
            client, _headers = world.client(role)
            answer = client.get(address(world, rule))
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cache-Control"]
            if answer.mimetype == "text/html":
                assert Markup.faults(answer.text) == [], rule
                assert "7*7" in answer.text or "alert(1)" not in answer.text


class Markup(HTMLParser):
    """A parser that finds markup the policy forbids, and user input that a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def faults(cls, page: str) -> list[str]:
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not (given.get("src") or "").startswith("/static/")):
            self.found.append(tag)
        for name, value in attrs:
            runs = name in ("href", "src", "action", "formaction") and (value or "").startswith("javascript:")
            if name == "style" or name.startswith("on") or runs:
                self.found.append(f"{tag} {name}")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/meetings/99999999999999999999", "/display/made-up", "/api/nowhere"]
)
def test_error_page_carries_the_security_headers(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert (answer.mimetype == "application/json") is path.startswith("/api/")
