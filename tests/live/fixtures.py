"""Fixtures of a meeting on a real server, shared by the tests of several packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import running
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient

MakeHall = Callable[..., Hall]


@pytest.fixture(scope="session")
def hall_server(
    migrated_sqlite: Path, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server on eventlet with a quick heartbeat. Meetings on it do not disturb each other."""
    folder = tmp_path_factory.mktemp("hall")
    lay_database(migrated_sqlite, folder)
    server = LiveServer(folder, {"DIALOG_HEARTBEAT": "0.25"})
    running.append(server)
    yield server.start()
    server.stop()
    running.remove(server)


@pytest.fixture(scope="session")
def hall_app(hall_server: LiveServer) -> Flask:
    return app_beside(hall_server)


@pytest.fixture(scope="session")
def node() -> Iterator[NodeClient]:
    """The official JavaScript client."""
    client = NodeClient()
    yield client
    client.close()


@pytest.fixture
def make_hall(hall_server: LiveServer, node: NodeClient, hall_app: Flask) -> MakeHall:
    """Make a new meeting on the common server: ``make_hall(approval=True, stages=({"write": True},))``."""

    def make(**meeting: Any) -> Hall:
        return Hall(hall_server, node, hall_app, **meeting)

    return make
