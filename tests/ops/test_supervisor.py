"""``dialog serve``: it runs all processes, restarts dead ones and replaces them one at a time."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dialog.db import write
from dialog.errors import ConfigurationError
from dialog.ops import supervisor
from dialog.work import jobs
from tests.conftest import running
from tests.live_server import ROOT, LiveServer, lay_database
from tests.processes import accepts, free_port, wait_until


def children(pid: int) -> dict[str, int]:
    """Return the ids of the processes that *pid* has started, by what they run."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError):
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if len(words) > 1:  # a zombie has none
                found[Path(words[-2].decode()).name] = int(child)
    return found


def serve(folder: Path, database: Path) -> LiveServer:
    """Start ``dialog serve`` on SQLite."""
    lay_database(database, folder)
    server = LiveServer(folder, program=("-m", "dialog.cli", "serve"))
    running.append(server)
    return server.start()


@pytest.fixture(scope="module")
def served(
    migrated_sqlite: Path, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    server = serve(tmp_path_factory.mktemp("served"), migrated_sqlite)
    yield server
    server.stop()
    running.remove(server)


def test_all_processes_run_and_stop_together(
    migrated_sqlite: Path, static_files: None, tmp_path: Path
) -> None:
    server = serve(tmp_path, migrated_sqlite)
    parts = children(server.pid)
    assert set(parts) == {"wsgi.py", "worker"}
    assert server.process
    server.process.terminate()
    assert server.process.wait(30) == 0
    assert not [pid for pid in parts.values() if Path(f"/proc/{pid}").exists()]
    running.remove(server)


@pytest.mark.parametrize("part", ["wsgi.py", "worker"])
def test_dead_process_is_restarted(served: LiveServer, part: str) -> None:
    before = children(served.pid)
    os.kill(before[part], signal.SIGKILL)

    def new() -> bool:
        return children(served.pid).get(part, before[part]) != before[part]

    wait_until(new, f"a new {part}")
    served.wait_ready()
    other = next(name for name in before if name != part)
    assert children(served.pid)[other] == before[other], "the other process was not restarted"


def test_supervised_worker_runs_jobs(served: LiveServer) -> None:
    with served.inside():
        number = jobs.enqueue("nobody's", "no such kind", {}).id
        with write() as session:
            job = session.get(jobs.Job, number)
            assert job
            job.attempts = jobs.MAX_ATTEMPTS - 1

        def given_up() -> bool:
            job = jobs.find_job("nobody's")
            assert job
            state = job.state
            jobs.db.session.rollback()
            return state == "failed"

        wait_until(given_up, "the worker to look at the job")


def test_limit_of_open_files_is_raised(served: LiveServer) -> None:
    soft, hard = resource.prlimit(children(served.pid)["wsgi.py"], resource.RLIMIT_NOFILE)
    assert soft == hard


@pytest.mark.parametrize(
    ("environ", "workers", "sentence"),
    [
        ({"DIALOG_ENV": "test"}, 2, "several live processes need PostgreSQL"),
        ({"DIALOG_ENV": "production"}, 1, "SECRET_KEY is missing or too weak"),
        ({"DIALOG_ENV": "test", "PORT": "many"}, 1, "PORT is 'many'"),
    ],
)
def test_impossible_settings_are_refused(environ: dict[str, str], workers: int, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        supervisor.dialog_processes(environ, workers)
    command = [sys.executable, "-m", "dialog.cli", "serve", "--workers", str(workers)]
    given = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert sentence in done.stderr


def test_live_processes_listen_on_consecutive_ports() -> None:
    environ = {
        "DIALOG_ENV": "test",
        "DATABASE_URL": "postgresql://nowhere/dialog",
        "HOST": "0.0.0.0",
        "PORT": "8001",
    }
    found = supervisor.dialog_processes(environ, 3)
    assert [part.address for part in found] == [
        *(f"http://127.0.0.1:{port}/readyz" for port in (8001, 8002, 8003)),
        "",
    ]
    assert [part.environ["PORT"] for part in found] == ["8001", "8002", "8003", "8001"]


# --- replacing, with fake processes

READY = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.end_headers(); self.wfile.write(sys.argv[3].encode())
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def fake_process(name: str, status: int = 200, body: str = '{"database": true}') -> supervisor.ManagedProcess:
    port = free_port()
    command = [sys.executable, "-c", READY, str(port), str(status), body]
    return supervisor.ManagedProcess(name, command, dict(os.environ), f"http://127.0.0.1:{port}/readyz")


@pytest.fixture
def watch() -> Iterator[Callable[..., supervisor.Supervisor]]:
    """Return a function that makes a supervisor for step-by-step checks."""
    made: list[supervisor.Supervisor] = []

    def watching(*parts: supervisor.ManagedProcess) -> supervisor.Supervisor:
        found = supervisor.Supervisor(list(parts), settle=0.0)
        for part in parts:
            part.start()
        made.append(found)
        return found

    yield watching
    for found in made:
        for part in found.processes:
            part.ask_to_stop()
            part.wait_until_stopped()


def pids(found: supervisor.Supervisor) -> list[int]:
    return [part.process.pid for part in found.processes if part.process]


def steps(found: supervisor.Supervisor, until: Callable[[], bool]) -> list[list[int]]:
    """Check repeatedly until *until* holds; return the process ids after each check."""
    seen = []

    def step() -> bool:
        found.check()
        seen.append(pids(found))
        return until()

    wait_until(step, "the supervisor")
    return seen


def test_next_process_is_replaced_after_the_first_is_ready(
    watch: Callable[..., supervisor.Supervisor],
) -> None:
    found = watch(fake_process("first"), fake_process("second"))
    wait_until(lambda: all(part.is_ready() for part in found.processes), "both")
    before = pids(found)
    found.replace()
    found.check()
    assert pids(found)[0] != before[0]
    assert pids(found)[1] == before[1]
    for first, second in steps(found, lambda: pids(found)[1] != before[1]):
        assert first != before[0]
        if second != before[1]:
            assert found.processes[0].is_ready()


def test_process_that_does_not_get_ready_stops_the_replacement(
    watch: Callable[..., supervisor.Supervisor], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = watch(fake_process("first", 503, '{"database": false, "redis": true}'), fake_process("second"))
    before = pids(found)
    monkeypatch.setattr(supervisor, "READY_SECONDS", 0.5)
    found.replace()
    steps(found, lambda: not found.replacing)
    after = pids(found)
    assert after[0] != before[0]
    assert after[1] == before[1], "the serving process is not replaced"


@pytest.mark.parametrize(
    ("status", "body", "ready"),
    [
        (200, '{"ok": true, "database": true, "redis": true}', True),
        (503, '{"ok": false, "database": true, "redis": false}', True),
        (503, '{"ok": false, "database": false, "redis": true}', False),
        (200, "<!doctype html>", False),
    ],
)
def test_process_is_ready_when_its_database_answers(
    watch: Callable[..., supervisor.Supervisor], status: int, body: str, ready: bool
) -> None:
    part = fake_process("one", status, body)
    assert not part.is_ready()
    watch(part)
    port = int(part.command[3])
    wait_until(lambda: accepts(port), "it to listen")
    assert part.is_ready() is ready
