"""The real server process serves, reports its health, and comes back after a kill."""

import signal
from pathlib import Path

import pytest

from tests import prepared
from tests.conftest import StartServer
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient, Refused
from tests.services import Redis


@pytest.fixture(autouse=True)
def start_without_forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start Python anew each time, because these tests examine the start itself."""
    monkeypatch.setattr(prepared, "FORKED", {})


@pytest.mark.parametrize("mode", ["eventlet", "gevent", "threading"])
def test_server_answers_pages_and_sockets_in_every_async_mode(
    start_server: StartServer, node_client: NodeClient, mode: str
) -> None:
    server = start_server(DIALOG_ASYNC_MODE=mode)
    assert server.get("/healthz").json == {"ok": True}
    with pytest.raises(Refused) as refusal:
        node_client.connect(server.url, {"token": "made up"})
    assert refusal.value.data["code"] == "unauthorized"


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_server_stops_when_told_although_sockets_are_open(
    start_server: StartServer, node_client: NodeClient, mode: str
) -> None:
    server = start_server(DIALOG_ASYNC_MODE=mode)
    hall = Hall(server, node_client, app_beside(server))
    screen = hall.joins().screen
    assert server.process
    server.process.terminate()
    assert server.process.wait(30) in (0, -signal.SIGTERM)
    screen.closed()


def test_readyz_reports_postgresql_and_redis(
    start_server: StartServer, migrated_postgres_url: str, redis_url: str
) -> None:
    server = start_server(DATABASE_URL=migrated_postgres_url, REDIS_URL=redis_url)
    assert server.get("/readyz").json == {"ok": True, "database": True, "redis": True}


def test_readyz_fails_without_its_redis(start_server: StartServer, tmp_path: Path) -> None:
    redis = Redis(tmp_path)
    server = start_server(REDIS_URL=redis.url)
    redis.kill()
    answer = server.get("/readyz")
    assert (answer.status, answer.json["redis"]) == (503, False)
    assert server.get("/healthz").status == 200


def test_killed_server_restarts_on_the_same_address(live_server: LiveServer) -> None:
    live_server.kill()
    live_server.restart()
    assert live_server.get("/readyz").status == 200


#: The live process with another eventlet than the one whose private parts it knows.
UNKNOWN_EVENTLET = """
import wsgi
from dialog.live import library_guard
library_guard.KNOWN_VERSIONS["eventlet"] = "0.0.1"
wsgi.serve()
"""


def test_unknown_eventlet_is_left_unpatched_and_serves(
    migrated_sqlite: Path, static_files: None, tmp_path: Path, node_client: NodeClient
) -> None:
    lay_database(migrated_sqlite, tmp_path / "server")
    server = LiveServer(tmp_path / "server", program=("-c", UNKNOWN_EVENTLET)).start()
    try:
        hall = Hall(server, node_client, app_beside(server))
        assert hall.joins().writes("Går det ändå?").ok
        assert "one client that sends without pause can delay the others: eventlet 0.0.1" in server.log
        assert "broadcasts go through the libraries' queues: eventlet 0.0.1" in server.log
    finally:
        server.stop()


def test_known_eventlet_is_patched_without_a_warning(live_server: LiveServer) -> None:
    assert "can delay the others" not in live_server.log


#: The live process with a failure outside of the Flask application, on one address.
FAILS_OUTSIDE = """
import wsgi
inner = wsgi.with_chunked_bodies
def failing(application):
    application = inner(application)
    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/fails":
            raise RuntimeError("a secret of the server")
        return application(environ, start_response)
    return answer
wsgi.with_chunked_bodies = failing
wsgi.serve()
"""


def test_failure_outside_the_application_sends_no_traceback(
    migrated_sqlite: Path, static_files: None, tmp_path: Path
) -> None:
    lay_database(migrated_sqlite, tmp_path / "server")
    server = LiveServer(tmp_path / "server", program=("-c", FAILS_OUTSIDE)).start()
    try:
        answer = server.get("/fails")
        assert answer.status == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
    finally:
        server.stop()
