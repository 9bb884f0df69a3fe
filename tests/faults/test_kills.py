"""SIGKILL of the live process at random moments, and between commit, acknowledgement and delivery."""

from __future__ import annotations

import random
import sqlite3
import time

import pytest

from tests.faults.fault_run import size
from tests.processes import wait_until

pytestmark = pytest.mark.on_disk

#: The point where the process ends; whether the card was on disk; whether its device knew that.
POINTS = {"before-commit": (False, False), "before-ack": (True, False), "before-delivery": (True, True)}


def test_killed_at_random_moments(start, fault_run):
    server = start()
    run = fault_run(server, seed=7)
    moments = random.Random(7)
    with run.writing():
        for _ in range(size(10, 50)):
            run.wait_for_acknowledgements(moments.randrange(1, 25))
            time.sleep(moments.random() * 0.05)  # the pause makes the moment random
            server.kill()
            server.start()
        run.wait_for_acknowledgements(5)
    run.check_promise(kills=size(10, 50))
    assert _sound(server)


@pytest.mark.both_ways
@pytest.mark.parametrize("point", POINTS)
def test_killed_where_it_hurts(start, fault_run, point):
    server = start(FAULT=point, FAULT_AT="3")
    run = fault_run(server, seed=11)
    saved, told = POINTS[point]
    struck: set[str] = set()
    with run.writing() as journal:
        for following in (*range(4, size(4, 9)), None):
            wait_until(lambda: server.process.poll() is not None, f"the fault {point} to come")
            assert server.process.returncode == 9
            cards = set(server.log.rpartition("FAULT ")[2].split())
            assert cards
            struck |= cards
            # The fault came at the intended point.
            on_disk = {row.uuid for row in run.hall.rows()}
            assert cards <= on_disk if saved else not cards & on_disk
            if told:
                run.wait_until_notified(cards)
                assert not cards & run.delivered_cards(), "they had been delivered already"
            else:
                assert not cards & {entry.uuid for entry in journal.acknowledged}
            # None: the next server has no fault.
            server.environment |= {"FAULT_AT": str(following)} if following else {"FAULT": "none"}
            server.start()
        run.wait_for_acknowledgements(5)
    if not told:
        assert journal.count("unknown"), "nobody was left without an answer"
    run.check_promise(point=point, struck=len(struck))
    assert _sound(server)


def _sound(server) -> bool:
    with sqlite3.connect(server.data_dir / "dialog.db") as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
