"""Fixtures for every test: app, client and session in this process, and servers and browsers outside."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from dialog import create_app
from dialog.cards import create_actions
from dialog.config import Settings
from dialog.db import db
from scripts.precompress import precompress
from tests import browser
from tests.delivery_watch import start_watching
from tests.live_server import SECRET, LiveServer, lay_database
from tests.node_client import NodeClient
from tests.order import DurationWriter, sort_longest_first
from tests.pages import PageClient
from tests.services import Postgres, Redis
from tests.storage import use_memory

StartServer = Callable[..., LiveServer]
#: The servers that run right now; their logs are shown with a failure.
running: list[LiveServer] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-durations", action="store_true", help="write tests/durations.json")


def pytest_configure(config: pytest.Config) -> None:
    start_watching()
    use_memory()
    worker = getattr(config, "workerinput", {}).get("workerid")
    if config.option.write_durations and not worker:
        config.pluginmanager.register(DurationWriter())
    if worker:
        # A worker empties the folder for pictures of failures when it begins, so each has its own.
        config.option.output = f"{config.option.output}/{worker}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        sort_longest_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    if report.failed:
        for server in running:
            report.sections.append((f"log of the server on port {server.port}", server.log[-8000:]))
    return report


# --- in this process


def settings_for(data_dir: Path, **changes: Any) -> Settings:
    """Return settings of an application in this process, where nothing is patched."""
    given = {"environment": "test", "async_mode": "threading", "secret_key": SECRET, "data_dir": data_dir}
    return Settings(**{**given, **changes})


def migrate(settings: Settings) -> None:
    """Bring a database to the newest schema, as ``dialog`` itself does."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database with the newest schema, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    migrate(settings_for(folder))
    with sqlite3.connect(folder / "dialog.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder / "dialog.db"


@pytest.fixture
def make_app(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make an application on a fresh database; keyword arguments are fields of ``Settings``."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        data_dir = tmp_path / f"app{len(made)}"
        lay_database(migrated_sqlite, data_dir)
        app = create_app(settings_for(data_dir, **settings))
        app.test_client_class = PageClient
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture(scope="session")
def warm_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Make one application for all tests of this worker: routes, templates and statements are made once."""
    app = create_app(settings_for(tmp_path_factory.mktemp("warm")))
    app.test_client_class = PageClient
    return app


@pytest.fixture
def app(warm_app: Flask, migrated_sqlite: Path) -> Iterator[Flask]:
    """Return the application on a fresh, empty SQLite database.

    A test that changes the application itself makes one of its own with ``make_app``.
    """
    # The limits live in this process and count by ids, which begin at 1 in every database.
    for limit in (create_actions.PERSON, create_actions.TABLE, create_actions.MEETING):
        limit._buckets.clear()
    data_dir = warm_app.extensions["dialog_settings"].data_dir
    for name in ("dialog_queue", "dialog_task"):
        warm_app.extensions.pop(name, None)
    shutil.rmtree(data_dir)
    lay_database(migrated_sqlite, data_dir)
    yield warm_app
    with warm_app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Return a client for pages: ``client.get``, ``client.submit(path, data)``, ``client.sign_in(user)``."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """Return ``db.session`` in an application context that lasts for the test, for calling actions directly.

    Do not use it together with ``client``: a request inside an open context would share its session and its
    signed-in user.
    """
    with app.app_context():
        yield db.session
        db.session.rollback()


# --- servers in other processes


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start a real PostgreSQL server."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """Return the ``DATABASE_URL`` of a new database without any tables."""
    return postgres.url(postgres.new_database())


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    name = postgres.new_database()
    migrate(settings_for(tmp_path_factory.mktemp("postgres-app"), database_url=postgres.url(name)))
    return name


@pytest.fixture
def migrated_postgres_url(postgres: Postgres, postgres_template: str) -> str:
    """Return the ``DATABASE_URL`` of a new database with the newest schema."""
    return postgres.url(postgres.new_database(postgres_template))


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """Start a real Redis server; a test that breaks it starts a ``Redis`` of its own."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """Return the ``REDIS_URL`` of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def static_files() -> None:
    """Make compressed copies of the static files as they are now."""
    precompress()


def _starter(folder: Path, template: Path) -> Iterator[StartServer]:
    mine: list[LiveServer] = []

    def start(*, data_dir: Path | None = None, wait: bool = True, **environment: str) -> LiveServer:
        place = data_dir or folder / f"server{len(mine)}"
        place.mkdir(parents=True, exist_ok=True)
        if "DATABASE_URL" not in environment and not (place / "dialog.db").exists():
            lay_database(template, place)
        server = LiveServer(place, environment)
        mine.append(server)
        running.append(server)
        return server.start(wait=wait)

    yield start
    for server in mine:
        server.kill()  # no client is left, and this is quicker than a stop
        running.remove(server)


@pytest.fixture
def start_server(migrated_sqlite: Path, static_files: None, tmp_path: Path) -> Iterator[StartServer]:
    """Start real servers: ``start_server(DIALOG_LIMITS="off")``; a second one may share ``data_dir``."""
    yield from _starter(tmp_path, migrated_sqlite)


@pytest.fixture
def live_server(start_server: StartServer) -> LiveServer:
    """Start one real server on eventlet with an empty database of its own."""
    return start_server()


@pytest.fixture(scope="module")
def module_server(
    migrated_sqlite: Path, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Start one real server for all tests of a file that do not disturb each other."""
    for start in _starter(tmp_path_factory.mktemp("module"), migrated_sqlite):
        yield start()


# --- clients


@pytest.fixture
def node_client() -> Iterator[NodeClient]:
    """Start the official JavaScript Socket.IO client: ``node_client.connect(server.url, {"token": …})``."""
    client = NodeClient()
    yield client
    client.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **browser.launch_options()}


@pytest.fixture
def watch() -> Iterator[browser.Watch]:
    """Fail the test for any error on a page's console; ``watch.allow(pattern)`` expects some."""
    watch = browser.Watch()
    yield watch
    assert not watch.unexpected(), "errors in the browser:\n" + "\n".join(watch.unexpected())


@pytest.fixture
def open_page(new_context: Callable[..., Any], watch: browser.Watch) -> browser.OpenPage:
    """Return a function that opens a page: ``open_page("phone", url, javascript=False)``."""
    return browser.make_open_page(new_context, watch)
