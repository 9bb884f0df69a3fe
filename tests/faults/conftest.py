"""Fixtures for fault tests: servers that can be broken, meetings on them, and the record of the rows."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dialog.config import Settings
from dialog.db import db
from tests.conftest import running
from tests.faults.fault_run import FaultRun
from tests.live.fixtures import node
from tests.live.hall import Hall, app_beside
from tests.live_server import LiveServer, lay_database
from tests.node_client import NodeClient
from tests.storage import DISK

__all__ = ["node"]

#: How broadcasts leave the process: through the libraries' queues, or straight to the sockets.
WAYS = {"queues": "off", "direct": "on"}
#: The way that is used unless a row asks for both.
DEFAULT_WAY = "direct" if Settings().direct_write else "queues"
DIRECT_IS_USED = "broadcasts are written directly"

LAST_RESULT = Path(__file__).with_name("last-result.json")
_RECORD = pytest.StashKey[dict[str, dict[str, Any]]]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run rows with both ways of broadcasting: all in ``make faults``, ``both_ways`` in ``make thorough``.

    Rows marked ``one_way`` test the harness itself, for which the way makes no difference.
    """
    if "way" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker
    others: list[Any] = [way for way in WAYS if way != DEFAULT_WAY]
    if marked("one_way"):
        others = []
    elif not _writes_result():
        others = [pytest.param(way, marks=pytest.mark.thorough) for way in others if marked("both_ways")]
    metafunc.parametrize("way", [DEFAULT_WAY, *others])


@pytest.fixture
def server_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Return where servers keep their data: on the disk for rows marked ``on_disk``, else pytest's folder."""
    if request.node.get_closest_marker("on_disk"):
        with tempfile.TemporaryDirectory(prefix="dialog-faults-", dir=DISK) as folder:
            yield Path(folder)
    else:
        yield tmp_path


@pytest.fixture
def start(
    way: str, migrated_sqlite: Path, static_files: None, server_folder: Path
) -> Iterator[Callable[..., LiveServer]]:
    """Start servers: ``start(FAULT="before-commit")`` has a fault built in; others are the product."""
    mine: list[LiveServer] = []

    def start_(*, ready: bool = True, **environment: str) -> LiveServer:
        place = server_folder / f"server{len(mine)}"
        if "DATABASE_URL" in environment:
            place.mkdir()
        else:
            lay_database(migrated_sqlite, place)
        always = {"DIALOG_LIMITS": "off", "DIALOG_DIRECT_WRITE": WAYS[way]}
        server = LiveServer(place, always | environment)
        if "FAULT" in environment:
            server.program = ("-m", "tests.faults.server_with_faults")
        mine.append(server)
        running.append(server)
        if ready:
            server.start()
            assert (DIRECT_IS_USED in server.log) == (way == "direct"), "broadcasts go another way"
        return server

    yield start_
    for server in mine:
        if server.process and server.process.poll() is None:
            server.kill()  # quicker than a stop
        running.remove(server)


@pytest.fixture
def fault_run(node: NodeClient, record: Callable[..., None]) -> Iterator[Callable[..., FaultRun]]:
    """Make a meeting on a server, with viewers that watch and phones that write: ``fault_run(server)``."""
    apps = []

    def make(server: LiveServer, *others: LiveServer, **more: Any) -> FaultRun:
        app = app_beside(server)
        apps.append(app)
        return FaultRun(Hall(server, node, app), others, record, **more)

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


# --- the record of a run


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return a function that notes counts for this row in the record of the run."""

    def note(**counts: Any) -> None:
        rows = request.config.stash.setdefault(_RECORD, {})
        rows.setdefault(request.node.name, {}).update(counts)

    return note


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Note each row's outcome, and write it at once, because a whole run takes an hour."""
    report = yield
    row = _rows.setdefault(item.name, {"outcome": report.outcome, "seconds": 0.0})
    row["seconds"] = round(row["seconds"] + report.duration, 1)
    if report.failed:
        row["outcome"] = "failed"
    if report.when == "teardown" and _writes_result():
        row |= item.config.stash.get(_RECORD, {}).get(item.name, {})
        _write_result(item.config)
    return report


_rows: dict[str, dict[str, Any]] = {}


def _writes_result() -> bool:
    return bool(os.environ.get("FAULTS_RESULT"))


def _write_result(config: pytest.Config) -> None:
    """Write the committed result, as ``make faults`` wants it."""
    result: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "size": os.environ.get("FAULTS") or "small",
        "versions": _versions(),
    }
    rows = dict(_rows)
    if config.option.keyword or config.args != ["tests/faults"]:
        # Only some rows are run. The others stay if they were run on the same day with the same versions.
        before = json.loads(LAST_RESULT.read_text())
        if all(before[name] == result[name] for name in result):
            rows = before["rows"] | rows
    total = {
        name: round(sum(row.get(name, 0) for row in rows.values()))
        for name in ("sent", "acknowledged", "lost", "twice", "invented", "seconds")
    }
    passed = sum(row["outcome"] == "passed" for row in rows.values())
    result["total"] = {"rows": len(rows), "passed": passed, **total}
    result["rows"] = dict(sorted(rows.items()))
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
