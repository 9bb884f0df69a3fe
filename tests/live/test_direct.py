"""Broadcasts written directly bring the same messages in the same order to fast, slow and polling clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from dialog.live import direct, engine_of
from dialog.live.library_guard import KNOWN_VERSIONS
from tests.conftest import StartServer, running
from tests.faults.raw_socket import Reader
from tests.live.hall import Hall, app_beside, new_uuid
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient

USED = "broadcasts are written directly"
#: A text that is as long as may be, and longer as JSON.
LONG = "å" * 490


#: The live process with hardly any room in the kernel for what a slow client has not read.
SMALL_BUFFERS = """
import socket, wsgi
open_listener = wsgi.open_listener
def small(host, port):
    made = open_listener(host, port)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    return made
wsgi.open_listener = small
wsgi.serve()
"""


@pytest.fixture(scope="module")
def server(
    migrated_sqlite: Path, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("direct")
    lay_database(migrated_sqlite, folder)
    environment = {"DIALOG_DIRECT_WRITE": "on", "DIALOG_LIMITS": "off"}
    server = LiveServer(folder, environment, program=("-c", SMALL_BUFFERS))
    running.append(server)
    yield server.start()
    server.stop()
    running.remove(server)


@pytest.fixture
def hall(server: LiveServer, node: NodeClient) -> Hall:
    return Hall(server, node, app_beside(server))


def write_long_ones(hall: Hall, count: int) -> None:
    """Write *count* long cards, one after another, as twelve people: one would be refused as a flood."""
    writers = [hall.joins() for _ in range(12)]
    for number in range(count):
        assert writers[number % 12].writes(f"{number} {LONG}").ok


def test_screens_equal_a_fresh_page_when_written_directly(hall: Hall) -> None:
    assert USED in hall.server.log
    crowd = [hall.joins() for _ in range(8)]
    moderator, projector = hall.moderator(), hall.projector()
    screens = [seat.screen for seat in (*crowd, moderator, projector)]
    waiting = [
        phone.screen.socket.emit_later("card:add", {"uuid": new_uuid(), "text": f"{number}: {turn}"})
        for turn in range(10)
        for number, phone in enumerate(crowd)
    ]
    assert all(acknowledgement()["ok"] for acknowledgement in waiting)
    fresh = {card["id"]: card for card in crowd[0].snapshot()["cards"]}
    assert len(fresh) == 80
    for screen in screens:
        assert screen.catch_up(80).whole == fresh


def test_polling_and_upgrading_clients_receive_the_same_messages(hall: Hall) -> None:
    writer = hall.joins()
    sockets = [
        hall.node.connect(hall.server.url, hall.joins().auth, transports=transports)
        for transports in (("polling",), ("polling", "websocket"))
    ]
    for number in range(30):
        assert writer.writes(f"Kort {number}").ok
    for socket in sockets:
        socket.wait_for("changes", lambda message: message["to"] == 30)
        messages = socket.received("changes")
        assert [message["from"] for message in messages] == [1, *(old["to"] + 1 for old in messages[:-1])]


def test_slow_reader_receives_all_in_order_and_delays_nobody(hall: Hall) -> None:
    slow = Reader(hall.server.port, receive_buffer=4096).upgrade(hall.joins().auth)
    screen = hall.joins().screen
    count = direct.MAX_QUEUED // 2
    write_long_ones(hall, count)
    screen.catch_up(count)
    assert slow.reads_to(count) == list(range(1, count + 1))
    slow.close()


def test_client_that_reads_nothing_is_disconnected_between_messages(hall: Hall) -> None:
    slow = Reader(hall.server.port, receive_buffer=4096).upgrade(hall.joins().auth)
    screen = hall.joins().screen
    count = direct.MAX_QUEUED + 50
    write_long_ones(hall, count)
    screen.catch_up(count)
    numbers = slow.reads_to(count)
    assert 0 < len(numbers) < count
    assert numbers == list(range(1, len(numbers) + 1))
    slow.close()


def test_client_that_leaves_during_broadcasts_leaves_nothing_behind(hall: Hall) -> None:
    writer, stays = hall.joins(), hall.joins()
    screen = stays.screen
    for number in range(20):
        leaves = Reader(hall.server.port).upgrade(hall.joins().auth)
        leaves.close()
        cut = hall.joins().screen
        assert writer.writes(f"Kort {number}").ok
        cut.socket.cut()
    assert screen.catch_up(20).texts() == [f"Kort {number}" for number in range(20)]
    removed = hall.joins()
    gone = removed.connects()
    hall.removes(removed)
    assert gone.closed()


@pytest.mark.parametrize("package", sorted(KNOWN_VERSIONS))
def test_unknown_library_version_keeps_the_librarys_own_way(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    app = make_app()
    monkeypatch.setitem(KNOWN_VERSIONS, package, "0.0.1")
    engine = engine_of(app)
    monkeypatch.setattr(engine.socketio.server.eio, "async_mode", "eventlet")
    assert f"{package} 0.0.1 is known here" in direct.find_obstacle(engine.socketio)
    assert not direct.install(app, engine.socketio, engine.sender)
    assert engine.sender.broadcast == engine.sender.broadcast_through_library


def test_direct_writing_is_on_by_default_and_only_on_eventlet(
    start_server: StartServer, make_app: Callable[..., Flask]
) -> None:
    assert USED in start_server().log
    assert USED not in start_server(DIALOG_DIRECT_WRITE="off").log
    app = make_app()
    engine = engine_of(app)
    assert not direct.install(app, engine.socketio, engine.sender)


def test_known_versions_are_the_locked_ones() -> None:
    locked = (Path(__file__).parents[2] / "requirements" / "run.txt").read_text()
    for package, version in KNOWN_VERSIONS.items():
        assert f"{package}=={version}" in locked
