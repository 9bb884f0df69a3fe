"""Two applications in one process share nothing of the live engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dialog.live import Viewer, engine_of
from dialog.live.batching import Batcher
from dialog.live.presence import Count
from tests import factories


@pytest.fixture
def apps(make_app: Callable[..., Flask]) -> tuple[Flask, Flask]:
    return make_app(), make_app()


def meeting_in(app: Flask) -> int:
    with app.app_context():
        return factories.a_meeting().id


def test_viewer_and_channel_are_known_to_their_own_application_alone(apps: tuple[Flask, Flask]) -> None:
    one, other = apps
    assert meeting_in(one) == meeting_in(other), "both number their meetings from the beginning"
    viewer = Viewer("a-socket", 1, "display", 1)
    with one.app_context():
        head, _stage = engine_of().channels.enter(viewer)
    assert head.seq == 0
    assert engine_of(one).channels.viewer_of("a-socket") == viewer
    assert engine_of(other).channels.viewer_of("a-socket") is None
    assert engine_of(other).channels._by_meeting == {}
    engine_of(other).channels.leave("a-socket")
    assert engine_of(one).channels.viewer_of("a-socket") == viewer


def test_heartbeat_reaches_the_sockets_of_its_own_application_alone(apps: tuple[Flask, Flask]) -> None:
    one, other = apps
    sent: dict[Flask, list[str]] = {one: [], other: []}
    for app in apps:
        events = sent[app]
        engine_of(app).sender.use(lambda event, _payload, _to, _skip, events=events: events.append(event), 10)
        meeting_in(app)
        with app.app_context():
            engine_of().channels.enter(Viewer("a-socket", 1, "display", 1))
    engine_of(one).channels.heartbeat()
    assert set(sent[one]) == {"head"}
    assert sent[other] == []


def test_servers_handlers_and_counts_of_devices_are_separate(apps: tuple[Flask, Flask]) -> None:
    one, other = (engine_of(app) for app in apps)
    assert one.socketio.server is not other.socketio.server
    for engine in (one, other):
        assert {"connect", "card:add", "chat:add", "sync"} <= set(engine.socketio.server.handlers["/"])
    one.channels.presence.set_count(1, Count(3))
    assert other.channels.presence.total(1) == Count()


def test_items_wait_for_a_batch_of_their_own_application(apps: tuple[Flask, Flask]) -> None:
    one, other = apps
    batches: list[list[str]] = []

    def act(batch: list[str]) -> list[str]:
        batches.append(batch)
        with other.app_context():
            assert batcher.waiting() == 0
        return batch

    batcher = Batcher(act, 10)
    with one.app_context():
        assert batcher.submit("a card") == "a card"
    assert batches == [["a card"]]
