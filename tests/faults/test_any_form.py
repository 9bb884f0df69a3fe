"""Strange values in every field of every form get a page or a refusal; a refusal changes nothing.

The forms are those that the pages show to somebody who may use them, so new forms are tried without being
listed here. ``tests/live/test_bad_input.py`` tries sockets and the API.
"""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from dialog import create_app
from tests.conftest import settings_for
from tests.faults.fault_run import size
from tests.faults.found_forms import FoundForm, forms_on
from tests.live_server import lay_database
from tests.security.route_table import address, routes
from tests.security.world import Again, World, make_world

pytestmark = pytest.mark.thorough

ROLES = ("stranger", "participant", "moderator", "official", "administrator")
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
#: Strange values for a field, as bytes on the wire.
STRANGE: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \t ",
    "NUL": b"a\x00b",
    "lone surrogate": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe\x80",
    "right to left": "\u202eabc\u2066".encode(),
    "emoji": ("👩\u200d👩\u200d👧😀" * 60).encode(),
    "501 letters": "å".encode() * 501,
    "64 KiB - 1": b"a" * 65535,
    "64 KiB": b"a" * 65536,
    "64 KiB + 1": b"a" * 65537,
    "below zero": b"-1",
    "no such number": b"999999999",
    "a very large number": b"9" * 400,
    "more than 64 bits": b"18446744073709551616",
    "a fraction": b"1.5",
    "not a number": b"NaN",
    "other digits": "１２".encode(),
    "a day that is none": b"2026-02-30",
    "year 0": b"0000-01-01T00:00",
    "year 9999": b"9999-12-31T23:59",
    "a path": b"../../../etc/passwd",
    "an address": b"//evil.example/",
    "a line break": b"one\r\ntwo: three\n",
    "JSON": b'{"a":[{}]}',
    "script": b"</textarea><script>alert(1)</script>",
    "template": b"{{7*7}}{%s}%n%(x)s",
    "list": b"1,2,,x",
}


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("forms")
    lay_database(migrated_sqlite, folder)
    return create_app(settings_for(folder, limits=False))


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return make_world(app)


@pytest.fixture(scope="module")
def again(app: Flask, world: World) -> Iterator[Again]:
    again = Again(app, app.extensions["dialog_settings"].data_dir)
    yield again
    again.close()


@pytest.fixture(scope="module")
def forms(app: Flask, world: World) -> list[FoundForm]:
    """Return each form once, as the first role that finds it sees it."""
    found: dict[tuple[str, tuple[str, ...]], FoundForm] = {}
    without: set[str] = {"static"}
    for role in ROLES:
        for page, html in pages(app, world, role, without):
            for form in forms_on(html, role, page):
                found.setdefault((form.path, tuple(form.fields)), form)
    return list(found.values())


def pages(app: Flask, world: World, role: str, without: set[str]) -> Iterator[tuple[str, str]]:
    """Return one page of every kind that *role* may open, by its address or by a link on another page.

    Kinds that are no page, such as files, are added to *without*, because making them for every role is slow.
    """
    client, _headers = world.client(role)
    routes, seen = app.url_map.bind("localhost"), set()
    waiting = deque(known_addresses(app, world))
    while waiting:
        page = waiting.popleft()
        try:
            endpoint, _values = routes.match(page, "GET")
        except HTTPException:
            continue
        if endpoint in seen or endpoint in without:
            continue
        answer = client.get(page)
        if answer.mimetype != "text/html":
            without.add(endpoint)
        elif answer.status_code == 200:
            seen.add(endpoint)
            yield page, answer.text
            waiting += re.findall(r'href="(/[^"?#]*)', answer.text)


def known_addresses(app: Flask, world: World) -> Iterator[str]:
    for method, rule in routes(app):
        with contextlib.suppress(KeyError):  # the address needs a row that has to be made first
            if method == "GET":
                yield address(world, rule)


class Trial:
    """A sender of forms that keeps the faults of the answers."""

    def __init__(self, app: Flask, world: World) -> None:
        self.world, self.sent, self.refused = world, 0, 0
        self.wrong: list[str] = []
        self.database = app.extensions["dialog_settings"].data_dir / "dialog.db"

    def form(self, form: FoundForm, chance: random.Random) -> None:
        """Send the form with strange values in every field, one at a time, some or all of them."""
        client, headers = self.world.client(form.role)
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as eye:
            for what, body, kind in bodies(form, chance):
                before = changes(eye)
                self.sent += 1
                try:
                    answer = client.post(form.path, data=body, content_type=kind, headers=headers)
                except Exception as error:
                    self._is_wrong(form, what, f"{type(error).__name__}: {error}")
                    continue
                if answer.status_code >= 500:
                    self._is_wrong(form, what, answer.status)
                elif answer.status_code >= 400:
                    self.refused += 1
                    if changes(eye) != before:
                        self._is_wrong(form, what, f"{answer.status}, and yet something was changed")

    def _is_wrong(self, form: FoundForm, what: str, how: str) -> None:
        self.wrong.append(f"{form.role} {form.path} ({what}): {how[:200]}")


def bodies(form: FoundForm, chance: random.Random) -> Iterator[tuple[str, bytes, str]]:
    """Yield bodies to send instead of the form's values: a description, bytes and their type."""
    good = {name: form.values[name].encode() for name in form.fields}
    for name in good:
        for how in chance.sample(list(STRANGE), size(1, len(STRANGE))):
            yield f"{name}: {how}", encoded({**good, name: STRANGE[how]}.items()), FORM
    for name in chance.sample(list(good), min(len(good), size(1, len(good)))):
        yield f"{name} left out", encoded((key, value) for key, value in good.items() if key != name), FORM
        yield f"{name} three times", encoded([*good.items(), (name, b"x"), (name, b"\x00")]), FORM
    more = {"nobody_asked": b"x", "": b"", "[0]": b"y"}
    yield "more fields", encoded([*good.items(), *more.items()]), FORM
    yield "noise", b"\x00\xff&&==%%%zz", FORM
    yield "JSON", b'{"a":1}', "application/json"
    yield "half a part", b"--x\r\nContent-Disposition: form-data\r\n\r\n", PARTS
    head = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a\x00.bin"\r\n\r\n\x00\xff\r\n'
    yield "files", b"".join(head % name.encode() for name in good) + b"--x--\r\n", PARTS


def encoded(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    return urlencode(list(pairs)).encode()


def changes(eye: sqlite3.Connection) -> int:
    """Return a number that changes with every commit of another connection."""
    return int(eye.execute("PRAGMA data_version").fetchone()[0])


def test_any_field_of_any_form(app, world, again, forms, record):
    assert len(forms) > 20
    chance, trial = random.Random(91), Trial(app, world)
    for form in forms:
        again()
        trial.form(form, chance)
    record(forms=len(forms), forms_sent=trial.sent, forms_refused=trial.refused)
    assert not trial.wrong, "\n".join(sorted(trial.wrong))
