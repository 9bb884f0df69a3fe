"""Being inside a server that is measured: its meeting filled with cards, and somebody signed in."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

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


@dataclass
class Official:
    """Somebody of the staff with a browser: one connection that is kept."""

    server: Server
    cookie: str
    meeting: int
    dialogue: int
    _line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path)

    def post(self, path: str, body: str) -> str:
        """Send a form; answers where it leads."""
        self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return self._led_to

    def _ask(
        self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None
    ) -> bytes:
        headers = {"Cookie": f"dialog_session={self.cookie}", **(more or {})}
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        self._led_to = answer.headers.get("Location", "")
        return said


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
