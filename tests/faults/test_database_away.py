"""A locked, full, read-only or restarted database gives refusals, no false acknowledgement, and recovery."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3

import pytest

from tests.processes import PATIENCE, wait_until

pytestmark = pytest.mark.on_disk


@pytest.fixture
def sound(start):
    """Check the file with SQLite's own integrity check."""

    def check(server) -> bool:
        connection = sqlite3.connect(server.data_dir / "dialog.db")
        answer = connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
        return answer == ("ok",)

    return check


def refused_as_unavailable(journal, more: int = 1) -> None:
    """Wait until devices have got this answer."""
    wanted = journal.count("unavailable") + more
    wait_until(lambda: journal.count("unavailable") >= wanted, "refusals", 2 * PATIENCE)


def test_sqlite_is_locked_by_another_process(start, fault_run, sound):
    server = start()
    run = fault_run(server, seed=31)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        other = sqlite3.connect(server.data_dir / "dialog.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        # This is longer than the server waits before it refuses.
        held = len(journal.acknowledged)
        refused_as_unavailable(journal)
        assert len(journal.acknowledged) <= held + len(run.writers) * 3  # only cards that were under way
        assert server.get("/healthz").status == 200
        assert server.get("/readyz").status == 200, "reading goes on while writing waits"
        other.execute("ROLLBACK")
        other.close()
        run.wait_for_acknowledgements(5)
    run.check_promise()
    assert sound(server)


def test_the_disk_is_full(start, fault_run, sound):
    server = start()
    run = fault_run(server, seed=32)
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        # No file of this process may grow from now on, the log included.
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, hard))
        refused_as_unavailable(journal)
        during = len(journal.acknowledged)
        refused_as_unavailable(journal, 20)
        assert len(journal.acknowledged) == during, "an acknowledgement without a place to write"
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))
        run.wait_for_acknowledgements(5)
    run.check_promise()
    assert sound(server)


def test_the_database_becomes_read_only(start, fault_run, sound):
    server = start(FAULT="read-only")
    run = fault_run(server, seed=33)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        os.kill(server.pid, signal.SIGUSR1)
        refused_as_unavailable(journal)
        during = len(journal.acknowledged)
        refused_as_unavailable(journal, 20)
        assert len(journal.acknowledged) == during, "an acknowledgement without a place to write"
        assert server.get(f"/j/{run.hall.code}").status == 200
        os.kill(server.pid, signal.SIGUSR2)
        run.wait_for_acknowledgements(5)
    run.check_promise()
    assert sound(server)


def test_postgresql_is_restarted(start, fault_run, postgres, migrated_postgres_url):
    server = start(DATABASE_URL=migrated_postgres_url)
    run = fault_run(server, seed=34)
    with run.writing():
        for _ in range(2):
            run.wait_for_acknowledgements(5)
            postgres.restart()
        run.wait_for_acknowledgements(5)
    run.check_promise()


def test_postgresql_is_out_of_connections(start, fault_run, postgres, migrated_postgres_url):
    server = start(DATABASE_URL=migrated_postgres_url)
    run = fault_run(server, seed=35)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        with postgres.out_of_connections():
            refused_as_unavailable(journal)
            assert server.get("/healthz").status == 200
            assert server.get("/readyz").status == 503
        run.wait_for_acknowledgements(5)
    run.check_promise()
