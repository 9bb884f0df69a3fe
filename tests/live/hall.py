"""A meeting on a real server as tests speak of it: phones that write, a moderator who hides, a projector.

The people and the meeting are made in this process, on the database of a real server; everything after that
goes over HTTP or through the official JavaScript client. ``way`` is "socket" or "http": the contract promises
the same for both.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from dialog import create_app
from dialog.cards.models import Card
from dialog.db import db, utcnow, write
from dialog.joining.actions import join_meeting
from dialog.meetings.actions import create_display_link, set_tables
from dialog.meetings.models import Meeting, Participant, Stage
from dialog.meetings.seating_actions import remove_participant
from dialog.people.models import User
from tests import factories
from tests.conftest import settings_for
from tests.live_server import SECRET, LiveServer, Reply
from tests.node_client import NodeClient, NodeSocket

#: Event; method and path (after ``/api/meetings/<id>/cards``) of its twin; the field that the path carries.
TWINS = {
    "card:add": ("POST", "", None),
    "card:edit": ("PATCH", "/{}", "id"),
    "card:withdraw": ("DELETE", "/{}", "id"),
    "card:move": ("POST", "/{}/move", "id"),
    "card:hide": ("POST", "/{}/hide", "id"),
    "card:restore": ("POST", "/{}/restore", "id"),
    "vote:set": ("PUT", "/{}/vote", "card"),
}
STATUS = {
    "invalid": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "closed": 410,
    "too_large": 413,
    "too_fast": 429,
    "unavailable": 503,
}
WAYS = ("socket", "http")


def new_uuid() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Answer:
    """The answer to an act over either way. ``status`` exists only over HTTP."""

    body: dict[str, Any]
    status: int | None = None

    @property
    def ok(self) -> bool:
        return "error" not in self.body

    @property
    def code(self) -> str:
        return "ok" if self.ok else str(self.body["error"]["code"])

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["error"]
        return found

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Seat:
    """Somebody at the meeting: their credentials, and what they see on their screen."""

    def __init__(
        self, hall: Hall, auth: dict[str, Any], headers: dict[str, str], way: str = "socket"
    ) -> None:
        self.hall, self.auth, self.headers, self.way = hall, auth, headers, way
        self._screen: Screen | None = None
        #: The worker that the latest socket is at.
        self.server = hall.server

    # --- sockets

    def connects(self, *, server: LiveServer | None = None, **more: Any) -> Screen:
        """Open a new socket of this person; the first one is their ``screen``."""
        at = server or self.hall.server
        headers = {"Origin": at.url, **self.headers} if "Cookie" in self.headers else {}
        self.server = at
        made = Screen(self.hall.node.connect(at.url, {**self.auth, **more}, headers))
        self._screen = self._screen or made
        return made

    @property
    def screen(self) -> Screen:
        return self._screen or self.connects()

    # --- acts

    def does(self, event: str, way: str | None = None, **payload: Any) -> Answer:
        """Do one act of the contract."""
        if (way or self.way) == "socket":
            reply = self.screen.socket.emit(event, payload)
            assert reply["ok"] is ("error" not in reply), reply
            return Answer(reply)
        method, path, named = TWINS[event]
        number = payload.pop(named) if named else None
        return self.asks(method, path.format(number), payload)

    def asks(self, method: str, path: str = "", body: Any = None, **headers: str) -> Answer:
        """Send a request to the meeting's cards, and check that status and code belong together."""
        reply = self.request(
            method,
            f"/api/meetings/{self.hall.meeting_id}/cards{path}",
            None if body is None else json.dumps(body).encode(),
            headers,
        )
        answer = Answer(reply.json, reply.status)
        if answer.ok:
            assert reply.status in (200, 201)
        else:
            assert reply.status == STATUS[answer.code], (reply.status, reply.json)
            assert reply.json["ok"] is False
        return answer

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        kind = {"Content-Type": "application/json"} if body is not None else {}
        return self.hall.server.request(method, path, body, {**kind, **self.headers, **(headers or {})})

    def writes(self, text: str, way: str | None = None, **more: Any) -> Answer:
        return self.does("card:add", way, **{"uuid": new_uuid(), "text": text, **more})

    def edits(self, card: int, text: str, base: int, way: str | None = None) -> Answer:
        return self.does("card:edit", way, id=card, text=text, base=base)

    def withdraws(self, card: int, base: int, way: str | None = None) -> Answer:
        return self.does("card:withdraw", way, id=card, base=base)

    def moves(self, card: int, area: int | None, base: int, way: str | None = None) -> Answer:
        return self.does("card:move", way, id=card, area=area, base=base)

    def hides(self, card: int, reason: str, base: int, way: str | None = None) -> Answer:
        return self.does("card:hide", way, id=card, reason=reason, base=base)

    def restores(self, card: int, base: int, way: str | None = None) -> Answer:
        return self.does("card:restore", way, id=card, base=base)

    def votes(self, card: int, dots: int, way: str | None = None) -> Answer:
        return self.does("vote:set", way, card=card, dots=dots)

    # --- looking

    def snapshot(self) -> Answer:
        """Return what this person may see now."""
        return self.asks("GET")

    def changes_since(self, seq: int, way: str | None = None) -> Answer:
        if (way or self.way) == "socket":
            return Answer(self.screen.socket.emit("sync", {"since": seq}))
        return self.asks("GET", f"?since={seq}")

    def card(self, card_id: int) -> dict[str, Any] | None:
        """Return the card as this person receives it since the beginning; None when there is none."""
        found = [card for card in self.changes_since(0, "http")["cards"] if card["id"] == card_id]
        return found[0] if found else None


class Phone(Seat):
    """A participant's device."""

    def __init__(self, hall: Hall, token: str, participant_id: int, way: str = "socket") -> None:
        super().__init__(hall, {"token": token}, {"Authorization": f"Bearer {token}"}, way)
        self.token, self.participant_id = token, participant_id

    def in_browser(self) -> Seat:
        """Return the same participant in a browser, identified by the cookie."""
        cookies = f"dialog_p_{self.hall.meeting_id}={self.token}"
        return Seat(self.hall, {"meeting": self.hall.meeting_id, "as_participant": True}, {"Cookie": cookies})


@dataclass
class Screen:
    """A socket and what it received. ``cards`` is collected from ``changes`` alone."""

    socket: NodeSocket
    cards: dict[int, dict[str, Any]] = field(default_factory=dict)
    seq: int = 0
    _read: int = 0

    def __post_init__(self) -> None:
        self.head = self.socket.wait_for("head")
        self.seq = self.head["seq"]

    def catch_up(self, seq: int) -> Screen:
        """Wait for everything up to number *seq*; each message must begin where the one before ended."""
        self.socket.wait_for("changes", lambda message: message["to"] >= seq) if self.seq < seq else None
        messages = self.socket.received("changes")
        for message in messages[self._read :]:
            assert message["from"] == self.seq + 1, (message["from"], self.seq)
            assert message["to"] >= message["from"]
            numbers = [card["seq"] for card in message["cards"]]
            assert numbers == sorted(set(numbers))
            assert all(message["from"] <= number <= message["to"] for number in numbers)
            for card in message["cards"]:
                self.cards[card["id"]] = card
            self.seq = message["to"]
        self._read = len(messages)
        return self

    @property
    def whole(self) -> dict[int, dict[str, Any]]:
        """The cards that it received whole, without their drawn HTML."""
        return {
            number: {name: value for name, value in card.items() if name != "html"}
            for number, card in self.cards.items()
            if "text" in card
        }

    def texts(self) -> list[str]:
        return [card["text"] for card in sorted(self.whole.values(), key=lambda card: card["id"])]

    def closed(self) -> Any:
        """Wait until the server has closed it, and return why."""
        return self.socket.wait_for("$disconnect")


class Hall:
    """A meeting on a real server, and the people in it."""

    def __init__(
        self,
        server: LiveServer,
        node: NodeClient,
        app: Flask,
        *,
        organisation_id: int | None = None,
        stages: tuple[dict[str, Any], ...] = (),
        **meeting: Any,
    ) -> None:
        self.server, self.node, self.app = server, node, app
        with app.app_context():
            if organisation_id is None:
                organisation_id = factories.an_organisation(f"Kommun {new_uuid()}").id
            organisation = db.session.get(factories.Organisation, organisation_id)
            assert organisation is not None
            self.organisation_id = organisation_id
            dialogue = factories.a_dialogue(organisation)
            self.dialogue_id, self.areas = dialogue.id, [area.id for area in dialogue.areas]
            made = factories.a_meeting(dialogue, **meeting)
            self.meeting_id, self.code = made.id, made.join_code or ""
            self.stages = self._make_stages(stages)
        self.moderator_id = self.makes_user("moderator", dialogue=True)

    def _make_stages(self, stages: tuple[dict[str, Any], ...]) -> list[int]:
        with write() as session:
            rows = [
                Stage(
                    meeting_id=self.meeting_id,
                    position=place,
                    name=stage.get("name", f"Moment {place + 1}"),
                    action="collect",
                    may_write=stage.get("write", False),
                    may_see=stage.get("see", False),
                    may_vote=stage.get("vote", False),
                    may_move=stage.get("move", False),
                    may_chat=stage.get("chat", False),
                    round=stage.get("round"),
                    holds=stage.get("hold", False),
                    minutes=stage.get("minutes"),
                )
                for place, stage in enumerate(stages)
            ]
            session.add_all(rows)
            session.flush()
            if rows:
                meeting = session.get(Meeting, self.meeting_id)
                assert meeting is not None
                meeting.stage_id = rows[0].id
            return [row.id for row in rows]

    # --- people

    def makes_user(self, role: str | None, *, dialogue: bool = False, organisation: int | None = None) -> int:
        """Make an account with *role*, assigned to this dialogue when asked, and return its id."""
        with self.app.app_context():
            place = db.session.get(factories.Organisation, organisation or self.organisation_id)
            here = db.session.get(factories.Dialogue, self.dialogue_id) if dialogue else None
            user = factories.a_user(
                role, place if role else None, dialogue=here, email=f"{new_uuid()}@k.example"
            )
            return user.id

    def signed_in(self, user_id: int, browser: str = "one browser", way: str = "socket") -> Seat:
        """Return a signed-in user in one browser."""
        return Seat(self, {"meeting": self.meeting_id}, self.cookies_of(user_id, browser), way)

    def cookies_of(self, user_id: int, browser: str = "one browser") -> dict[str, str]:
        with self.app.app_context():
            user = db.session.get(User, user_id)
            assert user is not None
            return signed_in_headers(self.app, user.get_id(), browser)

    def moderator(self, way: str = "socket") -> Seat:
        return self.signed_in(self.moderator_id, way=way)

    def joins(self, way: str = "socket", **more: Any) -> Phone:
        """Join with the code."""
        reply = self.server.post_json("/api/join", {"code": self.code, **more})
        assert reply.status == 201, reply.text
        return self.phone(reply.json, way)

    def phone(self, joined: dict[str, Any], way: str = "socket") -> Phone:
        """Return the device that received this answer to its join."""
        return Phone(self, joined["token"], joined["participant"]["id"], way)

    def sets_tables(self, count: int) -> None:
        """Give the meeting *count* tables."""
        self.change(lambda meeting: set_tables(db.session(), meeting, count))

    def joins_table(self, number: int) -> Phone:
        """Join with a tablet that the table shares."""
        with self.inside() as meeting:
            participant = join_meeting(meeting.id, table_number=number)
            return Phone(self, participant.token, participant.id)

    def removes(self, phone: Phone) -> None:
        """Remove a device as the moderator, in another process than the server's."""
        with self.inside() as meeting:
            user = db.session.get(User, self.moderator_id)
            assert user is not None
            remove_participant(user, meeting, phone.participant_id)

    def projector(self) -> Seat:
        """Return the computer of the projector, with a new display link."""
        return Seat(self, {"display": self.makes_display_link()}, {})

    def makes_display_link(self) -> str:
        with self.inside() as meeting:
            user = db.session.get(User, self.moderator_id)
            assert user is not None
            return create_display_link(user, meeting)

    # --- what the moderator does on pages

    def submits(self, path: str, data: dict[str, Any] | None = None, *, user_id: int | None = None) -> Reply:
        """Submit a form of the moderator's pages with its CSRF token."""
        headers = self.cookies_of(user_id or self.moderator_id)
        return post_form(self.server, path, data or {}, headers)

    def goes_to_stage(self, place: int) -> None:
        with self.inside() as meeting:
            seen = meeting.stage_id
        reply = self.submits(
            f"/meetings/{self.meeting_id}/stage", {"stage": self.stages[place], "seen": seen or ""}
        )
        assert reply.status == 303, reply.text

    def ends_the_grace(self) -> None:
        """End the minute in which cards of the ended stage are still accepted."""
        self.change(lambda meeting: setattr(meeting, "grace_until", utcnow() - timedelta(seconds=1)))

    def closes(self) -> None:
        reply = self.submits(f"/meetings/{self.meeting_id}/close")
        assert reply.status == 303, reply.text

    # --- the database

    @contextmanager
    def inside(self) -> Iterator[Meeting]:
        """Give the meeting as the database has it, in this process, which is not the server's."""
        with self.app.app_context():
            meeting = db.session.get(Meeting, self.meeting_id)
            assert meeting is not None
            yield meeting

    def change(self, apply: Callable[[Meeting], None]) -> None:
        """Change the meeting behind the server's back."""
        with self.app.app_context(), write() as session:
            meeting = session.get(Meeting, self.meeting_id)
            assert meeting is not None
            apply(meeting)

    def rows(self) -> list[Card]:
        """Return every card on disk, in the order of their numbers."""
        with self.app.app_context():
            query = select(Card).where(Card.meeting_id == self.meeting_id).order_by(Card.seq)
            return list(db.session.scalars(query))

    def state(self) -> tuple[Any, ...]:
        """Return everything that an act in this meeting could have changed."""
        with self.app.app_context():
            meeting = db.session.get(Meeting, self.meeting_id)
            people = select(Participant.id, Participant.removed_at).where(
                Participant.meeting_id == self.meeting_id
            )
            assert meeting is not None
            cards = [
                (card.id, card.seq, card.state, card.text, card.area_id, card.dots, card.hidden_reason)
                for card in self.rows()
            ]
            devices = [tuple(row) for row in db.session.execute(people)]
            return meeting.seq, meeting.chat_seq, meeting.state, meeting.stage_id, cards, sorted(devices)


def app_beside(server: LiveServer) -> Flask:
    """Make an application in this process on the data of *server*, which counts as another process."""
    return create_app(settings_for(server.data_dir, database_url=server.environment.get("DATABASE_URL", "")))


def signed_in_headers(app: Flask, session_id: str, browser: str = "one browser") -> dict[str, str]:
    """Return a signed session cookie and its CSRF token, without the cost of verifying a password."""
    raw = "f" * 40
    session = {"_user_id": session_id, "_fresh": True, "browser": browser, "csrf_token": raw}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)
    return {"Cookie": f"dialog_session={signer.dumps(session)}", "X-CSRFToken": str(token)}


def post_form(server: LiveServer, path: str, data: dict[str, Any], headers: dict[str, str]) -> Reply:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.url}
    return server.request("POST", path, urlencode(data).encode(), {**kind, **headers})
