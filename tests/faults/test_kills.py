"""kill -9 of the live process: at random moments, and exactly where it hurts."""

from __future__ import annotations

import random
import sqlite3
import time

import pytest

from tests.faults.evening import size
from tests.processes import wait_until


def test_killed_at_random_moments(start, evening):
    server = start()
    tonight = evening(server, seed=7)
    moments = random.Random(7)
    with tonight.writing():
        for _ in range(size(10, 50)):
            tonight.acknowledges(moments.randrange(1, 25))
            time.sleep(moments.random() * 0.05)  # the moment itself is what is random
            server.kill()
            server.start()
        tonight.acknowledges(5)
    tonight.holds(kills=size(10, 50))
    assert _sound(server)


@pytest.mark.parametrize("point", ["before-commit", "before-ack", "before-delivery"])
def test_killed_where_it_hurts(start, evening, point):
    server = start(FAULT=point, FAULT_AT="3")
    tonight = evening(server, seed=11)
    with tonight.writing() as journal:
        for following in (*range(4, size(4, 9)), None):
            wait_until(lambda: server.process.poll() is not None, f"the fault {point} to come")
            assert server.process.returncode == 9
            # None: what follows is a server that lives.
            server.environment |= {"FAULT_AT": str(following)} if following else {"FAULT": "none"}
            server.start()
        tonight.acknowledges(5)
    assert journal.count("unknown"), "nobody was left without an answer"
    tonight.holds(point=point)
    assert _sound(server)


def _sound(server) -> bool:
    with sqlite3.connect(server.data_dir / "dialog.db") as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
