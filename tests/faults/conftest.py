"""Servers that can be broken, halls on them, and the record of what the rows saw."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dialog.db import db
from tests.conftest import running
from tests.faults.evening import Evening
from tests.live.fixtures import node
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient

__all__ = ["node"]

LAST_RESULT = Path(__file__).with_name("last-result.json")
_RECORD = pytest.StashKey[dict[str, dict[str, Any]]]()


@pytest.fixture
def start(migrated_sqlite: Path, static_files: None, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start servers: ``start(FAULT="before-commit")`` has a fault built in; others are the product."""
    mine: list[LiveServer] = []

    def start_(*, ready: bool = True, **environment: str) -> LiveServer:
        place = tmp_path / f"server{len(mine)}"
        if "DATABASE_URL" in environment:
            place.mkdir()
        else:
            lay_database(migrated_sqlite, place)
        server = LiveServer(place, {"DIALOG_LIMITS": "off", **environment})
        if "FAULT" in environment:
            server.program = ("-m", "tests.faults.server_with_faults")
        mine.append(server)
        running.append(server)
        return server.start() if ready else server

    yield start_
    for server in mine:
        if server.process and server.process.poll() is None:
            server.kill()  # they are used to it, and it is quicker
        running.remove(server)


@pytest.fixture
def evening(node: NodeClient, record: Callable[..., None]) -> Iterator[Callable[..., Evening]]:
    """A hall on a server, with boards that watch and phones that write; ``evening(server)``."""
    apps = []

    def make(server: LiveServer, *others: LiveServer, **more: Any) -> Evening:
        app = app_beside(server)
        apps.append(app)
        return Evening(Hall(server, node, app), others, record, **more)

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


# --- what a whole run saw


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Note counts for this row in the record of the run."""

    def note(**counts: Any) -> None:
        rows = request.config.stash.setdefault(_RECORD, {})
        rows.setdefault(request.node.name, {}).update(counts)

    return note


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and "tests/faults/" in report.nodeid:
        _outcomes[report.nodeid.split("::")[-1]] = report.outcome


_outcomes: dict[str, str] = {}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the committed result, when ``make faults`` asked for it."""
    if not os.environ.get("FAULTS_RESULT"):
        return
    seen = session.config.stash.get(_RECORD, {})
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "size": os.environ.get("FAULTS") or "small",
        "versions": _versions(),
        "rows": {name: {"outcome": outcome, **seen.get(name, {})} for name, outcome in _outcomes.items()},
    }
    LAST_RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def _versions() -> dict[str, str]:
    names = (
        "eventlet",
        "flask-socketio",
        "python-socketio",
        "python-engineio",
        "sqlalchemy",
        "psycopg2-binary",
    )
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: importlib.metadata.version(name) for name in names},
    }
