"""Password verification in hashing threads: cards are acknowledged meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.factories import PASSWORD, a_user
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient
from tests.pages import TOKEN
from tests.processes import wait_until


def signs_in(server: LiveServer, email: str) -> int:
    page = server.get("/sign-in")
    token = TOKEN.search(page.text)
    assert token
    form = {"csrf_token": token.group(1), "email": email, "password": PASSWORD}
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return server.request("POST", "/sign-in", urlencode(form).encode(), headers).status


@pytest.fixture(params=["eventlet", "gevent"])
def server(migrated_sqlite: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """Start a server whose password verification waits for the pipe ``verify``."""
    os.mkfifo(tmp_path / "verify")
    lay_database(migrated_sqlite, tmp_path / "server")
    environment = {"DIALOG_ASYNC_MODE": request.param, "VERIFY_PIPE": str(tmp_path / "verify")}
    program = ("-m", "tests.people.server_with_slow_hashing")
    server = LiveServer(tmp_path / "server", environment, program=program).start()
    yield server
    server.kill()


def test_card_is_acknowledged_during_ten_sign_ins(server: LiveServer, node_client: NodeClient) -> None:
    pipe = Path(server.environment["VERIFY_PIPE"])
    with server.inside():
        emails = [a_user("moderator").email for _number in range(10)]
    phone = Hall(server, node_client, app_beside(server)).joins()
    phone.screen  # noqa: B018  (connected before anybody signs in)
    with ThreadPoolExecutor(10) as people:
        answers = [people.submit(signs_in, server, email) for email in emails]
        wait_until(lambda: Path(f"{pipe}.1").exists(), "the first verification to begin")
        card = phone.does("card:add", uuid="6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e01", text="Medan ni loggar in")
        still = [answer.done() for answer in answers]
        with pipe.open("wb"):  # from here on every verification returns at once
            statuses = {answer.result() for answer in answers}
    assert card.ok
    assert not any(still), "every sign-in was still waiting when the card was acknowledged"
    assert statuses == {302}
