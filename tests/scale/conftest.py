"""Fixtures for several workers on one PostgreSQL with Redis, behind the documented nginx."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dialog.db import db
from tests.conftest import running
from tests.faults.conftest import fault_run, record
from tests.live.fixtures import node
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer
from tests.node_client import NodeClient
from tests.scale.nginx import Nginx
from tests.services import Postgres, Redis

__all__ = ["fault_run", "node", "record"]

#: Settings of every worker here: a short heartbeat, and one trusted proxy.
SETTINGS = {"DIALOG_LIMITS": "off", "DIALOG_HEARTBEAT": "0.5", "TRUSTED_PROXIES": "1"}


class Site:
    """The site: visitors reach ``front``; tests reach and break each of ``workers`` directly."""

    def __init__(self, folder: Path, database_url: str, redis: Redis | None, *, workers: int = 2) -> None:
        self.folder, self.redis = folder, redis
        given = {**SETTINGS, "DATABASE_URL": database_url, **({"REDIS_URL": redis.url} if redis else {})}
        self.environment = given
        self.workers = [self._worker(f"worker{number}") for number in range(workers)]
        self.nginx = Nginx(folder / "nginx", [worker.port for worker in self.workers])
        # This server is never started. It has an address, data and settings, and nginx answers.
        self.front = LiveServer(folder, given, port=self.nginx.port)
        self._places: dict[int, str] = {}

    def _worker(self, name: str) -> LiveServer:
        place = self.folder / name
        place.mkdir(parents=True)
        return LiveServer(place, self.environment)

    def start(self) -> Site:
        for worker in self.workers:
            running.append(worker)
            worker.start(wait=False)
        for worker in self.workers:
            worker.wait_ready()
        self.nginx.start()
        return self

    def stop(self) -> None:
        self.nginx.stop()
        for worker in self.workers:
            worker.stop()
            running.remove(worker)

    def came_to(self, path: str, **headers: str) -> list[int]:
        """Request *path*, and return from nginx's log the workers it used, by their place in the list."""
        before = len(self.nginx.log.splitlines())
        self.front.get(path, **headers)
        line = self.nginx.lines(before + 1)[before]
        ports = [worker.port for worker in self.workers]
        return [index for index, port in enumerate(ports) if f"127.0.0.1:{port}" in line]

    def cookie_to(self, worker: int) -> dict[str, str]:
        """Return the cookie of a device that nginx sends to this worker."""
        if worker not in self._places:
            for number in itertools.count():
                place = f"{number:02x}"
                if self.came_to("/healthz", Cookie=f"dialog_place={place}") == [worker]:
                    self._places[worker] = place
                    break
        return {"Cookie": f"dialog_place={self._places[worker]}"}


@pytest.fixture(scope="module")
def database_url(postgres: Postgres, postgres_template: str) -> str:
    """Create a database for all tests of a file."""
    return postgres.url(postgres.new_database(postgres_template))


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """Start a Redis that the tests of a file may break."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def site(
    database_url: str, own_redis: Redis, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Start two workers behind nginx for all tests of a file."""
    made = Site(tmp_path_factory.mktemp("site"), database_url, own_redis)
    yield made.start()
    made.stop()


@pytest.fixture(scope="module")
def site_app(site: Site) -> Iterator[Flask]:
    """Return a server object for another process on the same data."""
    app = app_beside(site.front)
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def make_hall(site: Site, node: NodeClient, site_app: Flask) -> Callable[..., Hall]:
    """Create a meeting whose participants connect through nginx."""

    def make(**meeting: Any) -> Hall:
        return Hall(site.front, node, site_app, **meeting)

    return make
