"""``dialog serve --workers 2`` behind nginx: workers are replaced one at a time while people write."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import running
from tests.faults.fault_run import FaultRun
from tests.live_server import LiveServer
from tests.processes import free_port, wait_until
from tests.scale.conftest import SETTINGS
from tests.scale.nginx import Nginx
from tests.services import Redis

MakeFaultRun = Callable[..., FaultRun]


def two_ports() -> int:
    """Return the first of two free ports that follow each other."""
    first = free_port()
    while (second := free_port()) != first + 1:
        first = second
    return first


@pytest.fixture(scope="module")
def served(
    database_url: str, own_redis: Redis, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    given = {**SETTINGS, "DATABASE_URL": database_url, "REDIS_URL": own_redis.url}
    program = ("-m", "dialog.cli", "serve", "--workers", "2")
    server = LiveServer(tmp_path_factory.mktemp("served"), given, port=two_ports(), program=program)
    running.append(server)
    server.start()
    wait_until(lambda: len(children(server)) == 3, "all parts")
    yield server
    server.stop()
    running.remove(server)


@pytest.fixture(scope="module")
def front(served: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Start nginx before both workers, and return a server object whose address is nginx."""
    nginx = Nginx(tmp_path_factory.mktemp("nginx"), [served.port, served.port + 1]).start()
    front = LiveServer(served.data_dir, served.environment, port=nginx.port)
    front.wait_ready()
    yield front
    nginx.stop()


def children(served: LiveServer) -> set[int]:
    found = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    return {int(child) for child in found}


@contextmanager
def visitors(front: LiveServer, path: str) -> Iterator[Counter[int]]:
    """Open a page again and again as new visitors, and count each status."""
    seen: Counter[int] = Counter()
    enough = threading.Event()

    def visit() -> None:
        while not enough.wait(0.05):
            seen[front.get(path).status] += 1

    thread = threading.Thread(target=visit)
    thread.start()
    try:
        yield seen
    finally:
        enough.set()
        thread.join()


@pytest.mark.thorough
def test_workers_are_replaced_unnoticed(
    served: LiveServer, front: LiveServer, fault_run: MakeFaultRun
) -> None:
    run = fault_run(front, seed=81, phones=6)
    before = children(served)
    with run.writing(), visitors(front, f"/j/{run.hall.code}") as seen:
        run.wait_for_acknowledgements(10)
        os.kill(served.pid, signal.SIGHUP)

        def replaced() -> bool:
            run.wait_for_acknowledgements(1)
            now = children(served)
            return len(now) == 3 and not now & before

        wait_until(replaced, "all to be new", 120)
        run.wait_for_acknowledgements(10)
    assert set(seen) == {200}, "a page is always there"
    run.check_promise()
    assert served.process
    assert served.process.poll() is None


def test_killed_worker_is_started_again(
    served: LiveServer, front: LiveServer, fault_run: MakeFaultRun
) -> None:
    run = fault_run(front, seed=82)
    before = children(served)
    with run.writing():
        run.wait_for_acknowledgements(5)
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(children(served)) == 3 and children(served) != before, "a new one")
        run.wait_for_acknowledgements(10)
    front.wait_ready()
    run.check_promise()
