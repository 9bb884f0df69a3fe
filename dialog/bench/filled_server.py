"""A server whose open meeting is full of cards, and the session of a signed-in official."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from .. import create_app
from ..config import Settings
from ..db import db
from ..meetings.models import Meeting
from ..people.models import Membership, User
from .sample_cards import add_sample_cards
from .servers import Server, dialog_server

#: Seconds that one page may take.
TIMEOUT = 120
COOKIE = "dialog_session"


@dataclass
class StaffSession:
    """The HTTP session of an official at a server that is measured."""

    server: Server
    cookie: str
    meeting: int
    dialogue: int

    def get(self, path: str) -> bytes:
        return self._request("GET", path)[0]

    def post(self, path: str, body: str) -> str:
        """Send a form; return the address of the redirect."""
        return self._request("POST", path, body)[1]

    def _request(self, method: str, path: str, body: str | None = None) -> tuple[bytes, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=TIMEOUT)
        headers = {"Cookie": f"{COOKIE}={self.cookie}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        given = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", [])))
        if COOKIE in given:  # the session cookie holds the CSRF token
            self.cookie = given[COOKIE].value
        return content, answer.headers.get("Location", "")


@contextmanager
def filled_server(cards: int) -> Iterator[StaffSession]:
    """Start a server whose open meeting holds *cards* cards; yield the session of its official."""
    with dialog_server() as server:
        app = create_app(Settings.from_env({**server.environ, "DIALOG_ASYNC_MODE": "threading"}))
        with app.app_context():
            meeting = db.session.scalars(select(Meeting).where(Meeting.state == "open")).first()
            assert meeting is not None
            add_sample_cards(meeting, cards)
            query = select(User).join(Membership).where(Membership.role == "official")
            user = db.session.scalars(query).first()
            assert user is not None
            signer = SecureCookieSessionInterface().get_signing_serializer(app)
            assert signer is not None
            cookie = str(signer.dumps({"_user_id": user.get_id(), "_fresh": True, "browser": "bench"}))
            official = StaffSession(server, cookie, meeting.id, meeting.dialogue_id)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        yield official
