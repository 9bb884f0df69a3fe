"""Every input is answered with ok or a refusal, never with a failure, and a refusal changes nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simple_websocket import Client, ConnectionClosed

from dialog.live.schema import INCOMING
from tests.conftest import running
from tests.live.hall import STATUS, TWINS, Hall, Seat, app_beside, new_uuid
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient, Refused

small = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CODES = {*STATUS} - {"unavailable"}

strange_text = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "a\x00b",
            "\ud800",
            "\udfff\ud800",
            "\u202eabc",
            "\ufeff",
            "😀" * 501,
            "a" * 501,
            "مرحبا",
            "0",
            "true",
            "null",
            "' OR 1=1 --",
            "<script>alert(1)</script>",
            "{{7*7}}",
            "%s%n",
            "../../etc",
            "１２",
            "\r\n",
        ]
    ),
    st.text(max_size=30),
)
numbers = st.one_of(
    st.sampled_from([0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**30, -(10**30), 1.5, -0.0, 1e308]),
    st.integers(-5, 5),
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | strange_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strange_text, inner, max_size=3),
    max_leaves=8,
)


def sane(event: str, hall: Hall, card: int, seq: int) -> dict[str, Any]:
    """Return a payload in which nothing is wrong."""
    return {
        "card:add": {"uuid": new_uuid(), "text": "Text", "area": hall.areas[0], "kind": "idea"},
        "card:edit": {"id": card, "text": "Ny text", "base": seq},
        "card:withdraw": {"id": card, "base": seq},
        "card:move": {"id": card, "area": None, "base": seq},
        "card:hide": {"id": card, "reason": "dubblett", "base": seq},
        "card:restore": {"id": card, "base": seq},
        "vote:set": {"card": card, "dots": 1},
        "sync": {"since": 0},
        "chat:add": {"uuid": new_uuid(), "text": "Text", "kind": "question"},
        "chat:sync": {"since": 0},
    }[event]


FIELDS = (
    "id",
    "uuid",
    "text",
    "area",
    "kind",
    "table",
    "stands_for",
    "stage",
    "base",
    "reason",
    "card",
    "dots",
    "since",
)


@pytest.fixture(scope="module")
def hall(
    migrated_sqlite: Any, static_files: None, node: NodeClient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """A meeting without rate limits, so that every wrong input reaches the code behind them."""
    folder = tmp_path_factory.mktemp("bad")
    lay_database(migrated_sqlite, folder)
    server = LiveServer(folder, {"DIALOG_LIMITS": "off"})
    running.append(server)
    server.start()
    hall = Hall(server, node, app_beside(server))
    yield hall
    assert '"level": "error"' not in server.log, "something failed inside"
    assert "Traceback" not in server.log
    server.stop()
    running.remove(server)


@pytest.fixture(scope="module")
def people(hall: Hall) -> list[Seat]:
    return [hall.joins(), hall.moderator(), hall.projector()]


@pytest.fixture(scope="module")
def card(hall: Hall, people: list[Seat]) -> tuple[int, int]:
    answer = people[0].writes("Det som redan står här")
    return answer["id"], answer["seq"]


def refused_or_done(hall: Hall, before: Any, reply: Any) -> None:
    if reply["ok"]:
        return
    assert reply["error"]["code"] in CODES, reply
    assert reply["error"]["message"]
    json.dumps(reply).encode()
    if reply["error"]["code"] != "conflict" or "card" in reply["error"]:
        assert hall.state() == before


@pytest.mark.parametrize("event", INCOMING)
def test_field_of_an_event_with_any_value_is_answered(
    hall: Hall, people: list[Seat], card: tuple[int, int], event: str
) -> None:
    @small
    @given(
        st.dictionaries(st.sampled_from(FIELDS) | strange_text, anything, min_size=1, max_size=3),
        st.sampled_from(range(3)),
        st.booleans(),
    )
    def send(wrong: dict[str, Any], who: int, whole: bool) -> None:
        payload = {**sane(event, hall, *card), **wrong} if whole else wrong
        before = hall.state()
        refused_or_done(hall, before, people[who].screen.socket.emit(event, payload))

    send()


@pytest.mark.parametrize("event", INCOMING)
@pytest.mark.parametrize(
    "payload",
    [
        (),
        (None,),
        (7,),
        ("text",),
        ([],),
        (True,),
        (b"bytes",),
        ({}, {}),
        ({"text": b"\x00\xff"},),
        ([[[]]],),
    ],
    ids=repr,
)
def test_event_whose_payload_is_no_object_is_refused(
    hall: Hall, people: list[Seat], event: str, payload: Any
) -> None:
    before = hall.state()
    reply = people[0].screen.socket.emit(event, *payload)
    assert (reply["ok"], reply["error"]["code"]) == (False, "invalid")
    assert hall.state() == before


@pytest.mark.parametrize("event", ["card:delete", "", "message", "changes", "head", "a" * 1000])
def test_event_outside_the_contract_is_refused(hall: Hall, people: list[Seat], event: str) -> None:
    reply = people[0].screen.socket.emit(event, {"id": 1})
    assert (reply["ok"], reply["error"]["code"]) == (False, "invalid")


def test_deeply_nested_payload_is_refused(hall: Hall, people: list[Seat]) -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    assert people[0].screen.socket.emit("card:add", {"text": deep})["error"]["code"] == "invalid"
    body = b'{"text":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    reply = people[0].request("POST", f"/api/meetings/{hall.meeting_id}/cards", body)
    assert (reply.status, reply.json["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("event", TWINS)
def test_json_route_with_any_body_is_answered(
    hall: Hall, people: list[Seat], card: tuple[int, int], event: str
) -> None:
    method, path, named = TWINS[event]

    @small
    @given(
        anything | st.dictionaries(st.sampled_from(FIELDS), anything),
        st.sampled_from(range(2)),
        st.booleans(),
    )
    def send(wrong: Any, who: int, whole: bool) -> None:
        if whole and isinstance(wrong, dict):
            payload = sane(event, hall, *card)
            payload.pop(named or "", None)
            wrong = {**payload, **wrong}
        asked(hall, people[who], method, path.format(card[0]), json.dumps(wrong).encode())

    send()


@small
@given(
    st.binary(max_size=60)
    | st.sampled_from([b"", b"{", b'{"a":NaN}', b"\xff\xfe{\x00}", b'"\\ud800"', b"1" * 5000])
)
def test_body_of_any_bytes_is_answered(hall: Hall, people: list[Seat], body: bytes) -> None:
    asked(hall, people[0], "POST", "", body)
    reply = hall.server.request("POST", "/api/join", body, {"Content-Type": "application/json"})
    assert (reply.status, reply.json["error"]["code"]) == (400, "invalid")


@small
@given(st.dictionaries(st.sampled_from(["code", "meeting", "name"]) | strange_text, anything, max_size=3))
def test_join_with_any_body_is_answered(hall: Hall, people: list[Seat], body: dict[str, Any]) -> None:
    before = hall.state()
    reply = hall.server.post_json("/api/join", body)
    assert reply.status in (400, 404), reply.text
    assert hall.state() == before


@small
@given(strange_text.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=20))
def test_since_with_any_bytes_is_answered(hall: Hall, people: list[Seat], since: bytes) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in since)
    reply = people[0].request("GET", f"/api/meetings/{hall.meeting_id}/cards?since={quoted}")
    assert reply.status in (200, 400), reply.text


@small
@given(
    st.dictionaries(
        st.sampled_from(["token", "meeting", "display", "html"]) | strange_text, anything, max_size=3
    )
)
def test_handshake_with_any_auth_is_answered(hall: Hall, people: list[Seat], auth: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        hall.node.connect(hall.server.url, auth)
    assert refused.value.data["code"] in CODES


@pytest.mark.parametrize("number", ["0", "00", "9" * 19, "9" * 400, "1e3", "-1", "１", "%00"])
def test_address_with_an_impossible_number_is_not_found(hall: Hall, people: list[Seat], number: str) -> None:
    written = number if number.startswith("%") else quote(number)
    for path in (f"/api/meetings/{written}/cards", f"/api/meetings/{hall.meeting_id}/cards/{written}/hide"):
        for method in ("GET", "POST"):
            reply = people[1].request(method, path, b"{}" if method == "POST" else None)
            assert reply.status in (400, 404, 405), reply.text


FRAMES = [
    "",
    "9",
    "4",
    "42",
    "42[",
    '42["card:add"',
    "42{}",
    "42[1]",
    "42[null]",
    '42["card:add",{}]',  # asks for no acknowledgement
    '42/nowhere,["card:add",{}]',
    '420["card:add",' + "[" * 5000 + "]" * 5000 + "]",
    '4299999999999999999999["sync",{"since":0}]',
    '451-["card:add",{"_placeholder":true,"num":0}]',
    '459999999-["card:add"]',
    "43[]",
    '431["?"]',
    "40{}",
    "6",
    b"\x00\xff" * 10,
]


def test_malformed_frames_leave_the_server_serving(hall: Hall, people: list[Seat]) -> None:
    address = hall.server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    before = hall.state()
    for frame in FRAMES:
        client = Client(address)
        client.send("40" + json.dumps({"token": people[0].auth["token"]}))
        while not str(client.receive(30)).startswith("40"):
            pass
        with contextlib.suppress(ConnectionClosed):
            client.send(frame)
            client.close()
    for way in ("socket", "http"):
        assert people[0].changes_since(0, way).ok, "everybody else goes on"
    assert hall.state() == before


def asked(hall: Hall, seat: Seat, method: str, path: str, body: bytes) -> None:
    before = hall.state()
    reply = seat.request(method, f"/api/meetings/{hall.meeting_id}/cards{path}", body)
    assert reply.status < 500, (body, reply.text)
    if reply.status >= 400:
        assert reply.status == STATUS[reply.json["error"]["code"]]
        assert hall.state() == before
