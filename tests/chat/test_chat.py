"""The chat over socket and HTTP: exactly once, in order, and to those who may see it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.chat.models import ChatMessage
from dialog.db import db
from tests.live.fixtures import MakeHall
from tests.live.hall import STATUS, Answer, Hall, Seat, new_uuid

CHAT = ({"name": "Samtal", "write": True, "see": True, "chat": True}, {"name": "Tystnad", "write": True})
WAYS = ("socket", "http")


def says(seat: Seat, text: Any, way: str = "socket", **more: Any) -> Answer:
    payload = {"uuid": new_uuid(), "text": text, **more}
    if way == "socket":
        return Answer(seat.screen.socket.emit("chat:add", payload))
    path = f"/api/meetings/{seat.hall.meeting_id}/chat"
    reply = seat.request("POST", path, json.dumps(payload).encode())
    answer = Answer(reply.json, reply.status)
    assert reply.status in ((200, 201) if answer.ok else (STATUS[answer.code],))
    return answer


def reads(seat: Seat, since: int = 0, way: str = "socket") -> Answer:
    if way == "socket":
        return Answer(seat.screen.socket.emit("chat:sync", {"since": since}))
    reply = seat.request("GET", f"/api/meetings/{seat.hall.meeting_id}/chat?since={since}")
    return Answer(reply.json, reply.status)


def texts(seat: Seat, way: str = "socket") -> list[str]:
    return [message["text"] for message in reads(seat, way=way)["messages"] if "text" in message]


def acts(hall: Hall, message: int, act: str, **data: Any) -> int:
    """Change a message as the moderator's page does, and return the status."""
    path = f"/meetings/{hall.meeting_id}/chat/{message}/{act}"
    return hall.submits(path, data).status


def stored(hall: Hall) -> list[tuple[Any, ...]]:
    with hall.inside():
        query = select(ChatMessage).where(ChatMessage.meeting_id == hall.meeting_id).order_by(ChatMessage.id)
        return [(row.uuid, row.text, row.state, row.seq) for row in db.session.scalars(query)]


@pytest.mark.parametrize("way", WAYS)
def test_message_reaches_everybody_once(make_hall: MakeHall, way: str) -> None:
    hall = make_hall(stages=CHAT)
    mine, other, staff = hall.joins(), hall.joins(), hall.moderator()
    for seat in (mine, other, staff):
        assert seat.screen.head["chat"] == 0
    uuid = new_uuid()
    first = says(mine, "Hur går det till?", way, uuid=uuid, kind="question")
    again = says(mine, "Hur går det till?", way, uuid=uuid, kind="question")
    assert (first["id"], first["seq"]) == (again["id"], again["seq"])
    assert says(mine, "Något annat", way, uuid=uuid).code == "conflict"
    for seat in (mine, other, staff):
        told = seat.screen.socket.wait_for("chat", lambda message: message["to"] >= first["seq"])
        assert (told["from"], told["to"]) == (1, 1)
        assert [message["text"] for message in told["messages"]] == ["Hur går det till?"]
        assert told["messages"][0]["kind"] == "question"
    assert len(stored(hall)) == 1
    assert texts(other, way) == ["Hur går det till?"]


def test_a_phone_that_slept_gets_what_it_missed(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine, other = hall.joins(), hall.joins()
    numbers = [says(mine, f"Rad {n}")["seq"] for n in range(4)]
    assert numbers == [1, 2, 3, 4]
    missed = reads(other, since=2)
    assert [message["seq"] for message in missed["messages"]] == [3, 4]
    assert (missed["seq"], missed["more"]) == (4, False)
    assert reads(other, since=999)["messages"] == []


def test_message_that_waits_for_approval_is_hidden_from_others(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT, approval=True)
    mine, other, staff = hall.joins(), hall.joins(), hall.moderator()
    assert other.screen.head
    said = says(mine, "Får jag säga det här?")
    assert reads(mine)["messages"][0]["state"] == "pending"
    assert texts(staff) == ["Får jag säga det här?"]
    assert reads(other)["messages"] == [{"id": said["id"], "seq": said["seq"], "state": "pending"}]
    told = other.screen.socket.wait_for("chat")
    assert told["messages"] == [{"id": said["id"], "seq": said["seq"], "state": "pending"}]
    assert acts(hall, said["id"], "restore", base=said["seq"]) == 303
    shown = other.screen.socket.wait_for("chat", lambda message: message["to"] > said["seq"])
    assert shown["messages"][0]["text"] == "Får jag säga det här?"


def test_hiding_a_message_tells_the_reason_to_its_writer_alone(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine, other = hall.joins(), hall.joins()
    said = says(mine, "Något om grannen")
    assert acts(hall, said["id"], "hide", base=said["seq"]) == 400, "without a reason"
    assert acts(hall, said["id"], "hide", base=said["seq"], reason="om en person") == 303
    assert [message["hidden_reason"] for message in reads(mine)["messages"]] == ["om en person"]
    assert set(reads(other)["messages"][0]) == {"id", "seq", "state"}
    assert acts(hall, said["id"], "hide", base=said["seq"], reason="en gång till") == 303, "already so"
    assert acts(hall, said["id"], "answer", base=said["seq"], answer="Gammal sida") == 409
    assert acts(hall, said["id"], "restore", base=said["seq"] + 1) == 303
    assert texts(other) == ["Något om grannen"]


def test_a_message_becomes_one_card_with_its_origin(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine = hall.joins()
    said = says(mine, "Fler bänkar vid ån", kind="question")
    for _twice in range(2):
        assert acts(hall, said["id"], "card", base=said["seq"], area=hall.areas[0]) in (303,)
    message = reads(mine)["messages"][0]
    cards = mine.snapshot()["cards"]
    assert [(card["id"], card["text"], card["area"], card["channel"]) for card in cards] == [
        (message["card"], "Fler bänkar vid ån", hall.areas[0], "live")
    ]
    with hall.inside():
        card = db.session.get(Card, message["card"])
        assert card is not None
        assert card.author_participant_id == mine.participant_id, "it stays the writer's own"
    assert mine.edits(message["card"], "Fler bänkar längs ån", cards[0]["seq"]).ok


def test_closed_chat_refuses_and_keeps_the_text(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine = hall.joins()
    says(mine, "Ett ord")
    hall.goes_to_stage(1)
    for way in WAYS:
        assert says(mine, "Ett till", way).code == "forbidden"
        assert texts(mine, way) == ["Ett ord"], "reading goes on"
    assert says(hall.moderator(), "Från oss").ok
    hall.closes()
    assert says(mine, "För sent", "http").code == "closed"


def test_fast_writer_waits_and_repeats_cost_nothing(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine, other = hall.joins(), hall.joins()
    uuid = new_uuid()
    assert says(mine, "Samma", uuid=uuid).ok
    answers = [says(mine, f"Rad {n}") for n in range(12)]
    refused = [answer for answer in answers if not answer.ok]
    assert refused
    assert {answer.code for answer in refused} == {"too_fast"}
    assert refused[0].error["retry_after"] >= 1
    assert says(mine, "Samma", uuid=uuid).ok
    assert says(other, "Jag stör ingen").ok


small = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
strange = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_any_payload_is_refused_clearly(make_hall: MakeHall) -> None:
    hall = make_hall(stages=CHAT)
    mine = hall.joins()
    before = stored(hall)

    @small
    @given(st.dictionaries(st.sampled_from(["uuid", "text", "kind", "since", "id", "x"]), strange))
    def send(payload: dict[str, Any]) -> None:
        for event in ("chat:add", "chat:sync"):
            body = json.loads(
                json.dumps(payload, allow_nan=True).replace("NaN", "0").replace("Infinity", "1")
            )
            reply = mine.screen.socket.emit(event, body)
            if event == "chat:add" or set(body) != {"since"}:
                assert reply["error"]["code"] in ("invalid", "too_fast"), reply

    send()
    for text in ("", " \n", "a\x00b", "\u202edold", "x" * 501, "\ud800"[:0] + "\x07"):
        for way in WAYS:
            assert says(mine, text, way).code in ("invalid", "too_fast"), text
    path = f"/api/meetings/{hall.meeting_id}/chat"
    for body, code in (
        (b"{" * 70_000, "too_large"),
        (b"[1]", "invalid"),
        (b'"\\ud800"', "invalid"),
        (b"", "invalid"),
    ):
        assert mine.request("POST", path, body).json["error"]["code"] == code
    for since in ("-1", "1e3", "%00", "9" * 30, "x"):
        assert mine.request("GET", f"{path}?since={since}").status == 400
    assert stored(hall) == before


def test_message_of_one_worker_reaches_the_devices_of_another(make_hall: MakeHall) -> None:
    """A message from another process reaches the viewers with the next heartbeat."""
    hall = make_hall(stages=CHAT)
    mine = hall.joins()
    assert mine.screen.head
    from dialog.chat.actions import create_message
    from dialog.meetings.actor import Actor
    from dialog.people.models import User

    with hall.inside() as meeting:
        create_message(
            Actor(meeting, user=db.session.get(User, hall.moderator_id)), uuid=new_uuid(), text="Utifrån"
        )
    told = mine.screen.socket.wait_for("chat")
    assert [message["text"] for message in told["messages"]] == ["Utifrån"]
    assert told["messages"][0]["staff"] is True
