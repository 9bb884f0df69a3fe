"""Tokens are stored as hashes, and logs contain no personal data."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.db import db
from dialog.meetings.join_codes import ALPHABET, LENGTH, new_code, read_code
from dialog.meetings.models import DisplayLink, Meeting, Participant
from dialog.meetings.tokens import new_token
from dialog.people.models import User
from tests.conftest import StartServer
from tests.factories import PASSWORD
from tests.live.hall import Hall, app_beside, new_uuid, post_form
from tests.node_client import NodeClient

THOUGHT = "Gatlyktan vid Storgatan tre har varit trasig sedan i oktober"


def test_log_and_tables_hold_no_secrets_after_a_meeting(start_server: StartServer, node: NodeClient) -> None:
    server = start_server(LOG_LEVEL="DEBUG", TRUSTED_PROXIES="1")
    hall = Hall(server, node, app_beside(server), asks_name=True)
    with hall.app.app_context():
        user = db.session.get(User, hall.moderator_id)
        assert user is not None
        email = user.email
    visitor = {"X-Forwarded-For": "203.0.113.77"}
    reply = server.post_json(
        "/api/join", {"code": hall.code, "name": "Kim Åkesson"}, X_Forwarded_For="203.0.113.77"
    )
    phone = hall.phone(reply.json)
    projector = hall.projector()
    moderator = hall.moderator()
    card = phone.writes(THOUGHT)
    phone.writes(THOUGHT, way="http")
    for seat in (projector, moderator):
        seat.screen.catch_up(card["seq"])
    moderator.hides(card["id"], "pekar ut en granne", card["seq"])
    phone.writes("", way="http")
    phone.writes(THOUGHT + " \0")
    server.request("GET", f"/j/{hall.code}", None, visitor)
    server.request("GET", "/j/WRNGCODE", None, visitor)
    server.get(f"/display/{projector.auth['display']}")
    server.get(f"/m/{hall.meeting_id}", Cookie=f"dialog_p_{hall.meeting_id}={phone.token}")
    headers = hall.cookies_of(hall.moderator_id)
    for password in (PASSWORD, "fel lösenord, tyvärr"):
        post_form(server, "/sign-in", {"email": email, "password": password}, headers)
    server.get(f"/sign-in?next=/j/{hall.code}")
    hall.submits(f"/meetings/{hall.meeting_id}/room", {"text": THOUGHT})
    hall.closes()
    log = server.log
    cookie = moderator.headers["Cookie"].partition("=")[2]
    secrets = {
        "join code": hall.code,
        "join code as shown": f"{hall.code[:4]}-{hall.code[4:]}",
        "participant's token": phone.token,
        "display token": projector.auth["display"],
        "session cookie": cookie,
        "card text": "Gatlyktan",
        "reason": "pekar ut",
        "name": "Åkesson",
        "e-mail": email,
        "password": PASSWORD,
        "wrong code": "WRNGCODE",
        "address": "203.0.113.77",
        "own address": "127.0.0.1",
    }
    assert '"route": "/j/<code>"' in log, "there is a log at all"
    assert {name for name, secret in secrets.items() if secret in log} == set()
    for line in log.splitlines():
        if line.startswith("{"):
            assert json.loads(line)["timestamp"].endswith("Z"), "UTC"
    kept = server.data_dir / "dialog.db"
    stored = b"".join(path.read_bytes() for path in server.data_dir.glob("dialog.db*"))
    assert kept.exists()
    for token in (phone.token, projector.auth["display"]):
        assert token.encode() not in stored
    assert THOUGHT.encode() in stored, "the search would have found it"
    with hall.app.app_context():
        hashes = [
            *db.session.scalars(select(Participant.token_hash)),
            *db.session.scalars(select(DisplayLink.token_hash)),
        ]
        assert hashes
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes)
        user = db.session.get(User, hall.moderator_id)
        assert user is not None
        assert user.password_hash.startswith("$argon2id$")
        assert db.session.scalars(select(Meeting.join_code)).all() == [None]
        entries = db.session.scalars(select(AuditEntry)).all()
        told = json.dumps(
            [[entry.action, entry.object_kind, entry.details] for entry in entries], ensure_ascii=False
        )
        assert {"card.hide", "meeting.close", "display.create"} <= {entry.action for entry in entries}
        for word in (
            "Gatlyktan",
            "pekar ut",
            "Åkesson",
            "203.0.113",
            "127.0.0.1",
            email,
            phone.token,
            hall.code,
        ):
            assert word not in told


def test_join_code_has_eight_unambiguous_characters() -> None:
    codes = [new_code() for _ in range(300)]
    assert {len(code) for code in codes} == {LENGTH} == {8}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL5S2Z8B")
    assert len(set(codes)) == 300
    assert read_code(" abcd-efgh ") == read_code("ABCD–EFGH") == read_code("AB CD EF GH") == "ABCDEFGH"


def test_token_has_at_least_128_random_bits() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(len(token) for token in tokens) * 6 >= 128
    assert len({new_uuid() for _ in range(3)}) == 3
