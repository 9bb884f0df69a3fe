"""Bodies are received whole before anything is asked of the database, and what is too large is told so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from dialog.config import FORM_MAX
from dialog.db import db
from tests.factories import a_user
from tests.faults.raw_socket import RawSocket
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer
from tests.node_client import NodeClient

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
#: More than the largest pool of connections.
MORE_THAN_THE_POOL = 45
SMALL = 64 * 1024


@pytest.fixture
def hall(live_server: LiveServer, node_client: NodeClient) -> Hall:
    return Hall(live_server, node_client, app_beside(live_server))


class Unfinished(RawSocket):
    """A request whose head was sent, and of whose body only the server's asking for it was seen."""

    def begin(self, path: str, kind: str, headers: dict[str, str], *, chunked: bool) -> None:
        named = {
            "Host": "127.0.0.1",
            "Content-Type": kind,
            "Expect": "100-continue",
            **({"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": "60000"}),
            **headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self.send(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode())
        # Whoever is asked to go on is at the reading: nothing else has to be waited for.
        self._until(b"100 Continue")


@pytest.fixture
def begin(hall: Hall) -> Iterator[Callable[..., None]]:
    sockets: list[Unfinished] = []

    def begin_(path: str, kind: str, headers: dict[str, str], *, chunked: bool = False) -> None:
        sockets.append(Unfinished(hall.server.port))
        sockets[-1].begin(path, kind, headers, chunked=chunked)

    yield begin_
    for each in sockets:
        each.close()


def test_unfinished_requests_hold_no_connection_of_the_database(
    hall: Hall, begin: Callable[..., None]
) -> None:
    phone, moderator = hall.joins("http"), hall.moderator()
    meeting = hall.meeting_id
    cookie = {"Cookie": f"dialog_p_{meeting}={phone.token}"}
    for at in range(MORE_THAN_THE_POOL):
        chunked = at % 2 == 1
        begin(f"/api/meetings/{meeting}/cards", "application/json", phone.headers, chunked=chunked)
        begin(f"/m/{meeting}/cards", FORM, cookie, chunked=chunked)
        begin(f"/meetings/{meeting}/paper", PARTS, moderator.headers, chunked=chunked)
        begin(f"/j/{hall.code}", FORM, {}, chunked=chunked)
        begin("/sign-in", FORM, {})
        begin("/no/such/page", "text/plain", moderator.headers)
    for path in ("/", f"/j/{hall.code}", "/readyz"):
        assert hall.server.get(path).status == 200
    assert hall.server.get(f"/meetings/{meeting}/paper", **moderator.headers).status == 200
    assert phone.writes("Medan de andra dröjer").ok


def test_no_view_finds_the_database_in_use_when_it_reads(make_app: Callable[..., Flask]) -> None:
    """Even a form on a GET is there before the view: whatever order it asks in, nobody waits."""
    app = make_app()
    read: list[bool] = []

    class Body:
        """A body that looks, while it is read, whether anything was asked of the database."""

        def __init__(self) -> None:
            self.left = b"text=hej"

        def read(self, size: int = -1) -> bytes:
            read.append(db.session.registry.has())
            piece, self.left = self.left, b""
            return piece

        def readinto(self, buffer: Any) -> int:
            piece = self.read()
            buffer[: len(piece)] = piece
            return len(piece)

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for path in ("/", "/sign-in", "/api/join", "/api/meetings/1/cards", "/no/such/page"):
            app.test_client().open(
                path,
                method=method,
                headers={"Content-Type": FORM},
                environ_overrides={"wsgi.input": Body(), "CONTENT_LENGTH": "8"},
            )
    assert len(read) >= 25
    assert not any(read)


@pytest.mark.parametrize("kind", [FORM, "text/plain", "application/json"])
def test_who_is_not_signed_in_sends_little(app: Flask, kind: str) -> None:
    with app.app_context():
        user = a_user("moderator")
    stranger, moderator = app.test_client(), app.test_client()
    moderator.sign_in(user)  # type: ignore[attr-defined]
    for size, client, status in (
        (SMALL, stranger, 400),
        (SMALL + 1, stranger, 413),
        (SMALL + 1, moderator, 400),
        (FORM_MAX, moderator, 400),
        (FORM_MAX + 1, moderator, 413),
    ):
        answer = client.post("/sign-in", data=b"a" * size, content_type=kind)
        assert answer.status_code == status, (size, answer.status_code)
    for client in (stranger, moderator):
        answer = client.post("/api/join", data=b"a" * (SMALL + 1), content_type=kind)
        assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
