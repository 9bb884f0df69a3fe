"""Being inside a server that is measured: its meeting filled with cards, and somebody signed in."""

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
from .filling import fill
from .servers import Server, ours

#: Longest that one page may take.
PATIENCE = 120
COOKIE = "dialog_session"


@dataclass
class Official:
    """Somebody of the staff with a browser."""

    server: Server
    cookie: str
    meeting: int
    dialogue: int

    def get(self, path: str) -> bytes:
        return self._ask("GET", path)[0]

    def post(self, path: str, body: str) -> str:
        """Send a form; answers where it leads."""
        return self._ask("POST", path, body)[1]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[bytes, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {"Cookie": f"{COOKIE}={self.cookie}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(line):
            line.request(method, path, body, headers)
            answer = line.getresponse()
            said = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        given = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", [])))
        if COOKIE in given:  # the token for forms is kept in it
            self.cookie = given[COOKIE].value
        return said, answer.headers.get("Location", "")


@contextmanager
def filled(cards: int) -> Iterator[Official]:
    """A server of its own whose open meeting holds *cards* cards, and its official."""
    with ours() as server:
        app = create_app(Settings.from_env({**server.environ, "DIALOG_ASYNC_MODE": "threading"}))
        with app.app_context():
            meeting = db.session.scalars(select(Meeting).where(Meeting.state == "open")).first()
            assert meeting is not None
            fill(meeting, cards)
            query = select(User).join(Membership).where(Membership.role == "official")
            user = db.session.scalars(query).first()
            assert user is not None
            signer = SecureCookieSessionInterface().get_signing_serializer(app)
            assert signer is not None
            cookie = str(signer.dumps({"_user_id": user.get_id(), "_fresh": True, "browser": "bench"}))
            official = Official(server, cookie, meeting.id, meeting.dialogue_id)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        yield official
