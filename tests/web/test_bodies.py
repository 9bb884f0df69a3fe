"""Bodies are received before the database is used, and too large ones are refused."""

from __future__ import annotations

import http.client
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from wtforms import FileField

import dialog
from dialog.config import FORM_MAX
from dialog.db import db
from dialog.forms import PageForm, Upload
from tests.factories import a_user
from tests.faults.raw_socket import RawSocket
from tests.live.hall import Hall, app_beside
from tests.live_server import ROOT, LiveServer, Reply
from tests.node_client import NodeClient
from tests.processes import PATIENCE

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
#: More than the largest pool of connections.
MORE_THAN_THE_POOL = 45
SMALL = 64 * 1024
NINE_MB = 9_000_000


@pytest.fixture
def hall(live_server: LiveServer, node_client: NodeClient) -> Hall:
    return Hall(live_server, node_client, app_beside(live_server))


class Unfinished(RawSocket):
    """A request whose headers were sent and whose body the server waits for."""

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
        # After this answer the server is reading the body, so no other wait is needed.
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


def test_unfinished_requests_hold_no_database_connection(hall: Hall, begin: Callable[..., None]) -> None:
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


def test_body_is_read_before_the_database_is_used(make_app: Callable[..., Flask]) -> None:
    """Even the form of a GET is read before the view, whatever the view uses first."""
    app = make_app()
    read: list[bool] = []

    class Body:
        """A body that records, while it is read, whether the database was used."""

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
def test_anonymous_body_is_limited(app: Flask, kind: str) -> None:
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


# --- what is too large


def parts(size: int) -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"a" * size


def send(server: LiveServer, path: str, headers: dict[str, str], body: bytes, *, chunked: bool) -> Reply:
    """POST a body with a length or in chunks, and read the answer after sending all of it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    pieces = (body[at : at + 65536] for at in range(0, len(body), 65536))
    named = {**headers, **({"Transfer-Encoding": "chunked"} if chunked else {})}
    connection.request("POST", path, pieces if chunked else body, named, encode_chunked=chunked)
    answer = connection.getresponse()
    reply = Reply(answer.status, dict(answer.headers), answer.read())
    connection.close()
    return reply


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_too_large_body_is_answered_in_swedish(hall: Hall, chunked: bool) -> None:
    phone, moderator = hall.joins("http"), hall.moderator()
    meeting = hall.meeting_id
    people = {
        "stranger": {},
        "participant": {"Cookie": f"dialog_p_{meeting}={phone.token}"},
        "moderator": moderator.headers,
    }
    pages = (
        "/sign-in",
        f"/j/{hall.code}",
        f"/m/{meeting}/cards",
        f"/meetings/{meeting}/paper",
        "/no/such/page",
    )
    for kind, body in (
        (FORM, b"text=" + b"a" * NINE_MB),
        (PARTS, parts(NINE_MB)),
        ("text/plain", b"a" * NINE_MB),
    ):
        for who, headers in people.items():
            for path in pages:
                reply = send(hall.server, path, {**headers, "Content-Type": kind}, body, chunked=chunked)
                assert reply.status == 413, (kind, who, path)
                assert "Det är mer än vad som går att skicka på en gång." in reply.text
                assert "bakåtknapp" in reply.text
                assert "Traceback" not in reply.text
    for path in ("/api/join", f"/api/meetings/{meeting}/cards"):
        headers = {**phone.headers, "Content-Type": "application/json"}
        reply = send(hall.server, path, headers, b"a" * NINE_MB, chunked=chunked)
        assert (reply.status, reply.json["error"]["code"]) == (413, "too_large")
        assert "Det är mer" in reply.json["error"]["message"]
    assert "Traceback" not in hall.server.log
    assert hall.server.get("/").status == 200


def test_announced_body_that_is_too_large_is_refused_at_once(hall: Hall) -> None:
    socket = RawSocket(hall.server.port)
    socket.send(
        f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nExpect: 100-continue\r\n"
        f"Content-Length: {NINE_MB}\r\n\r\n".encode()
    )
    assert socket.socket.recv(4096).startswith(b"HTTP/1.1 413 ")
    socket.close()


def test_failing_error_page_is_replaced_by_a_plain_one(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()

    def fail(*_anything: Any, **_more: Any) -> str:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr("dialog.web.error_pages.render_template", fail)
    answer = app.test_client().post("/sign-in", data=b"a" * (SMALL + 1), content_type=FORM)
    assert answer.status_code == 413
    assert "bakåtknapp" in answer.text
    assert "secret" not in answer.text


def test_every_upload_field_has_a_size_limit_in_the_page() -> None:
    """Every file field has a maximum size, and its page checks it."""
    for module in pkgutil.walk_packages(dialog.__path__, "dialog."):
        if module.name.endswith("forms"):
            import_module(module.name)
    fields = [
        unbound.field_class
        for form in PageForm.__subclasses__()
        for unbound in vars(form).values()
        if issubclass(getattr(unbound, "field_class", object), FileField)
    ]
    assert fields == [Upload] * 2
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "field(form.file" in path.read_text()]
    assert len(pages) == len(fields)
    assert all("js/web/upload.js" in path.read_text() for path in pages)
