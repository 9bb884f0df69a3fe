"""Delivery from the commit to every screen: order, gaps, reconnecting, heartbeat, and other processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dialog.cards.create_actions import NewCard, add_cards
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.meetings.models import Installation, Meeting
from tests.conftest import StartServer
from tests.live.fixtures import MakeHall
from tests.live.hall import Hall, Phone, Seat, app_beside, new_uuid
from tests.node_client import NodeClient


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


def types_in(hall: Hall, *texts: str) -> None:
    """Save cards in another process than the server, as the worker and the command line do."""
    with hall.inside():
        add_cards(
            [
                NewCard(meeting_id=hall.meeting_id, user_id=hall.moderator_id, uuid=new_uuid(), text=text)
                for text in texts
            ]
        )


def test_head_is_sent_first_and_with_every_heartbeat(hall: Hall) -> None:
    phone = hall.joins()
    card = phone.writes("Ett", way="http")
    screen = phone.connects()
    assert screen.head["seq"] == card["seq"]
    assert screen.head["epoch"] == phone.snapshot()["epoch"] == phone.changes_since(0)["epoch"]
    screen.socket.forget()
    again = screen.socket.wait_for("head")
    assert {**again, "now": 0} == {**screen.head, "now": 0}, "nothing but the clock has moved"


def test_card_of_another_process_arrives_with_the_heartbeat(hall: Hall) -> None:
    phone = hall.joins()
    screen = phone.screen
    types_in(hall, "Från arbetaren", "Från kommandoraden")
    assert screen.catch_up(2).texts() == ["Från arbetaren", "Från kommandoraden"]
    assert screen.socket.wait_for("head", lambda head: head["seq"] == 2)


def test_screens_equal_a_fresh_page_after_a_crowd_wrote_at_once(hall: Hall) -> None:
    crowd = [hall.joins() for _ in range(20)]
    moderator, projector = hall.moderator(), hall.projector()
    seats: list[Seat] = [*crowd, moderator, projector]
    screens = [seat.screen for seat in seats]
    waiting = [
        phone.screen.socket.emit_later("card:add", {"uuid": new_uuid(), "text": f"{number}: {turn}"})
        for turn in range(5)
        for number, phone in enumerate(crowd)
    ]
    acks = [acknowledgement() for acknowledgement in waiting]
    assert all(ack["ok"] for ack in acks)
    assert sorted(ack["seq"] for ack in acks) == list(range(1, 101)), "one number each, none left out"
    fresh = {card["id"]: card for card in crowd[0].snapshot()["cards"]}
    assert {card["seq"] for card in fresh.values()} == set(range(1, 101))
    for screen in screens:
        assert screen.catch_up(100).whole == fresh


def test_card_sent_ten_times_at_once_is_saved_once(hall: Hall) -> None:
    phones = [hall.joins() for _ in range(10)]
    screens = [phone.screen for phone in phones]
    name = new_uuid()
    waiting = [
        screen.socket.emit_later("card:add", {"uuid": name, "text": "Dubbeltryck"}) for screen in screens
    ]
    acks = [acknowledgement() for acknowledgement in waiting]
    assert {(ack["ok"], ack["id"], ack["seq"]) for ack in acks} == {(True, acks[0]["id"], acks[0]["seq"])}
    assert len(hall.rows()) == 1


def test_uuid_with_two_texts_at_once_gives_a_card_and_a_conflict(hall: Hall) -> None:
    phone = hall.joins()
    name = new_uuid()
    texts = ("Så här", "Eller så här")
    waiting = [phone.screen.socket.emit_later("card:add", {"uuid": name, "text": text}) for text in texts]
    acks = [acknowledgement() for acknowledgement in waiting]
    good, bad = sorted(acks, key=lambda ack: not ack["ok"])
    assert (good["ok"], bad["error"]["code"]) == (True, "conflict")
    assert bad["error"]["card"]["id"] == good["id"]
    assert bad["error"]["card"]["text"] == hall.rows()[0].text


def test_one_of_two_edits_at_once_is_a_conflict(hall: Hall) -> None:
    moderator = hall.moderator()
    card = moderator.writes("Utgångsläget")
    areas = [*hall.areas, None]
    waiting = [
        moderator.screen.socket.emit_later("card:move", {"id": card["id"], "area": area, "base": card["seq"]})
        for area in areas[:2]
    ]
    acks = [acknowledgement() for acknowledgement in waiting]
    assert sorted(ack["ok"] for ack in acks) == [False, True]
    refused = next(ack for ack in acks if not ack["ok"])
    assert refused["error"]["code"] == "conflict"
    assert refused["error"]["card"]["area"] == hall.rows()[0].area_id


def test_screen_catches_up_after_a_lost_network(hall: Hall) -> None:
    phone, other, moderator = hall.joins(), hall.joins(), hall.moderator()
    screen = phone.screen
    kept = other.writes("Före")
    hidden = other.writes("Göms under tiden")
    screen.catch_up(hidden["seq"])
    screen.socket.cut()
    other.writes("Missat")
    moderator.hides(hidden["id"], "dubblett", hidden["seq"])
    moderator.moves(kept["id"], hall.areas[1], kept["seq"])
    back = phone.connects()
    answer = phone.asks("GET", f"?since={screen.seq}")
    board = dict(screen.cards)
    board.update({card["id"]: card for card in answer["cards"]})
    fresh = {card["id"]: card for card in phone.snapshot()["cards"]}
    assert {number: card for number, card in board.items() if "text" in card} == fresh
    assert answer["seq"] == back.head["seq"]
    synced = back.socket.emit("sync", {"since": screen.seq})
    assert (synced["ok"], synced["cards"], synced["seq"]) == (True, answer["cards"], answer["seq"])


def test_client_reconnects_by_itself(hall: Hall) -> None:
    phone = hall.joins()
    screen = phone.screen
    screen.socket.cut()
    screen.socket.forget()
    screen.socket.reconnect()
    assert screen.socket.wait_for("head")["seq"] == 0
    card = phone.writes("Tillbaka")
    assert screen.catch_up(card["seq"]).texts() == ["Tillbaka"]


def test_presence_counts_devices_not_sockets(hall: Hall) -> None:
    phone, moderator = hall.joins(), hall.moderator()
    phone.connects()
    phone.connects()
    wall = moderator.connects()
    assert wall.socket.wait_for("presence", lambda now: now == {"online": 1, "tables": 0})
    other = hall.joins().connects()
    assert wall.socket.wait_for("presence", lambda now: now["online"] == 2)
    other.socket.disconnect()
    wall.socket.forget()
    assert wall.socket.wait_for("presence", lambda now: now["online"] == 1)


def test_restored_backup_changes_the_epoch_of_open_screens(
    start_server: StartServer, node: NodeClient
) -> None:
    server = start_server(DIALOG_HEARTBEAT="0.2")
    hall = Hall(server, node, app_beside(server))
    phone = hall.joins()
    screen = phone.screen
    phone.writes("Ett")
    two = phone.writes("Två")
    screen.catch_up(two["seq"])
    before = screen.head["epoch"]
    with hall.app.app_context(), write() as session:
        installation = session.get(Installation, 1)
        assert installation is not None
        installation.epoch = "restored"
        meeting, card = session.get(Meeting, hall.meeting_id), session.get(Card, two["id"])
        assert meeting is not None
        session.delete(card)
        meeting.seq = 1
    head = screen.socket.wait_for("head", lambda head: head["epoch"] != before)
    assert (head["seq"], head["epoch"]) == (1, "restored")
    screen.seq = 1
    three = phone.writes("Tre")
    assert three["seq"] == 2
    screen.socket.wait_for(
        "changes", lambda message: message["from"] == 2 and message["cards"][0]["text"] == "Tre"
    )
    assert phone.snapshot()["epoch"] == "restored"


# --- several processes


def workers_share(
    tmp_path: Path, start_server: StartServer, node: NodeClient, **environment: str
) -> tuple[Hall, Phone, Phone]:
    """Check two workers on one database, with a phone at each."""
    place = tmp_path / "shared"
    first = start_server(data_dir=place, DIALOG_HEARTBEAT="0.2", **environment)
    second = start_server(data_dir=place, DIALOG_HEARTBEAT="0.2", **environment)
    hall = Hall(first, node, app_beside(first))
    here, there = hall.joins(), hall.joins()
    here.connects(server=first)
    there.connects(server=second)
    return hall, here, there


def both_write(hall: Hall, here: Phone, there: Phone) -> None:
    waiting = [
        phone.screen.socket.emit_later("card:add", {"uuid": new_uuid(), "text": f"{name} {number}"})
        for number in range(10)
        for name, phone in (("här", here), ("där", there))
    ]
    acks = [acknowledgement() for acknowledgement in waiting]
    assert [ack["ok"] for ack in acks] == [True] * 20
    assert sorted(ack["seq"] for ack in acks) == list(range(1, 21))
    for phone in (here, there):
        assert len(phone.screen.catch_up(20).texts()) == 20
    assert here.screen.whole == there.screen.whole
    hall.moderator().hides(acks[0]["id"], "dubblett", acks[0]["seq"])
    for phone in (here, there):
        assert phone.screen.catch_up(21).cards[acks[0]["id"]]["state"] == "hidden"


def test_two_workers_deliver_to_each_other_on_one_sqlite(
    tmp_path: Path, start_server: StartServer, node: NodeClient
) -> None:
    hall, here, there = workers_share(tmp_path, start_server, node)
    both_write(hall, here, there)
    # A third process removes the device; a worker that received no message of it closes the socket, too.
    hall.removes(there)
    there.screen.closed()
    assert not here.screen.socket.received("$disconnect")


def test_two_workers_deliver_to_each_other_on_postgresql_and_redis(
    tmp_path: Path, start_server: StartServer, node: NodeClient, migrated_postgres_url: str, redis_url: str
) -> None:
    # The heartbeat is too rare to matter here: what arrives was announced through Redis.
    hall, here, there = workers_share(
        tmp_path, start_server, node, DATABASE_URL=migrated_postgres_url, REDIS_URL=redis_url
    )
    both_write(hall, here, there)
    # Signing out at one worker closes the same browser's socket at the other.
    elsewhere = hall.moderator().connects(server=there.server)
    assert hall.submits("/sign-out").status == 302
    elsewhere.closed()
    with hall.app.app_context():
        db.engine.dispose()


def test_meeting_works_on_gevent(start_server: StartServer, node: NodeClient) -> None:
    server = start_server(DIALOG_ASYNC_MODE="gevent", DIALOG_HEARTBEAT="0.2")
    hall = Hall(server, node, app_beside(server))
    phone, moderator, projector = hall.joins(), hall.moderator(), hall.projector()
    screens = [seat.screen for seat in (phone, moderator, projector)]
    with ThreadPoolExecutor(4) as crowd:
        answers = list(
            crowd.map(lambda n: phone.writes(f"Kort {n}", way="http" if n % 2 else "socket"), range(8))
        )
    assert all(answer.ok for answer in answers)
    hidden = moderator.hides(answers[0]["id"], "dubblett", answers[0]["seq"])
    for screen in screens:
        screen.catch_up(hidden["seq"])
    assert len(screens[0].texts()) == len(screens[2].texts()) == 7
    types_in(hall, "Från en annan process")
    assert screens[0].catch_up(hidden["seq"] + 1).texts()[-1] == "Från en annan process"
