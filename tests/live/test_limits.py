"""Rate limits and sizes: a sender beyond them is refused, and nobody else is affected."""

from __future__ import annotations

import pytest

from tests.conftest import StartServer
from tests.live.fixtures import MakeHall
from tests.live.hall import WAYS, Hall, app_beside, new_uuid
from tests.node_client import NodeClient

LIMIT = 64 * 1024


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


@pytest.mark.parametrize("way", WAYS)
def test_burst_of_cards_is_accepted_and_a_flood_is_too_fast(hall: Hall, way: str) -> None:
    flooder, other = hall.joins(way), hall.joins(way)
    first = new_uuid()
    answers = [flooder.writes("Ett", uuid=first)]
    answers += [flooder.writes(f"Kort {number}") for number in range(39)]
    assert [answer.ok for answer in answers[:10]] == [True] * 10
    refused = [answer for answer in answers if not answer.ok]
    assert refused
    assert {answer.code for answer in refused} == {"too_fast"}
    assert all(1 <= answer.error["retry_after"] <= 2 for answer in refused)
    assert flooder.writes("Ett", uuid=first)["id"] == answers[0]["id"], "a repeat is never too fast"
    assert other.writes("Jag skriver mitt första").ok, "the others are not slowed down"
    assert len(hall.rows()) == 41 - len(refused)


def test_too_fast_carries_retry_after_in_the_header(hall: Hall) -> None:
    phone = hall.joins("http")
    path = f"/api/meetings/{hall.meeting_id}/cards"
    replies = [
        hall.server.post_json(path, {"uuid": new_uuid(), "text": "Kort"}, **phone.headers) for _ in range(30)
    ]
    refused = next(reply for reply in replies if reply.status == 429)
    assert int(refused.headers["Retry-After"]) == refused.json["error"]["retry_after"]


def test_shared_tablet_may_write_for_its_whole_table(make_hall: MakeHall) -> None:
    hall = make_hall()
    hall.sets_tables(2)
    tablet = hall.joins_table(1)
    answers = [tablet.writes(f"Från bordet {number}") for number in range(30)]
    assert all(answer.ok for answer in answers)
    assert len({row.table_id for row in hall.rows()}) == 1
    assert hall.rows()[0].table_id is not None


@pytest.mark.parametrize("more", [0, 1])
def test_largest_request_passes_and_one_byte_more_does_not(hall: Hall, more: int) -> None:
    phone = hall.joins("http")
    path = f"/api/meetings/{hall.meeting_id}/cards"
    body = b'{"text": "' + b"a" * (LIMIT + more - 12) + b'"}'
    assert len(body) == LIMIT + more
    for method, where in (
        ("POST", path),
        ("PATCH", f"{path}/1"),
        ("DELETE", f"{path}/1"),
        ("POST", "/api/join"),
    ):
        reply = phone.request(method, where, body)
        assert reply.status == (413 if more else 400)
        assert reply.json["error"]["code"] == ("too_large" if more else "invalid")
    assert not hall.rows()


def test_huge_message_closes_only_the_socket_of_its_sender(hall: Hall) -> None:
    phone, other = hall.joins(), hall.joins()
    screen, reader = phone.screen, other.screen
    refused = screen.socket.emit("card:add", {"uuid": new_uuid(), "text": "a" * (LIMIT - 200)})
    assert refused["error"]["code"] == "invalid"
    screen.socket.send("card:add", {"uuid": new_uuid(), "text": "a" * (LIMIT + 1)})
    screen.closed()
    card = other.writes("Jag är kvar")
    assert reader.catch_up(card["seq"]).texts() == ["Jag är kvar"]
    assert not reader.socket.received("$disconnect")
    assert phone.connects().head["seq"] == card["seq"], "and the sender may come back"


def test_limits_can_be_lifted_and_the_log_says_so_loudly(start_server: StartServer, node: NodeClient) -> None:
    server = start_server(DIALOG_LIMITS="off")
    hall = Hall(server, node, app_beside(server))
    phone = hall.joins()
    assert all(phone.writes(f"Kort {number}").ok for number in range(40))
    assert "DIALOG_LIMITS" in server.log
