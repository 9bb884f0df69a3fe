"""Two workers on PostgreSQL, woken through Redis: Redis goes away, freezes, forgets; a worker is replaced."""

from __future__ import annotations

import time

import pytest

from tests.faults.evening import size
from tests.services import Redis


@pytest.fixture
def own_redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def pair(start, migrated_postgres_url, own_redis):
    """Two live processes on one database."""
    both = {"DATABASE_URL": migrated_postgres_url, "REDIS_URL": own_redis.url}
    return start(**both), start(**both)


def while_it_lasts(tonight, seconds: float) -> None:
    """A fault of so many seconds: acknowledgements keep coming all through it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        tonight.acknowledges(1)
    tonight.acknowledges(10)


def test_redis_is_killed(pair, evening, own_redis):
    tonight = evening(*pair, seed=41)
    with tonight.writing() as journal:
        tonight.acknowledges(10)
        own_redis.kill()
        while_it_lasts(tonight, 3)
        own_redis.start()
        tonight.acknowledges(10)
    assert set(journal.numbers()) >= {"answers_ok"}
    assert journal.count("unknown") == journal.count("unavailable") == 0
    tonight.holds(redis="killed 3 s")


def test_redis_freezes(pair, evening, own_redis):
    seconds = size(5, 30)
    tonight = evening(*pair, seed=42)
    with tonight.writing() as journal:
        tonight.acknowledges(10)
        own_redis.freeze()
        while_it_lasts(tonight, seconds)
        own_redis.thaw()
        own_redis.flush()
        tonight.acknowledges(10)
    assert journal.count("unknown") == journal.count("unavailable") == 0
    tonight.holds(redis=f"frozen {seconds} s, then flushed")


def test_boards_converge_while_redis_is_still_away(pair, evening, own_redis):
    tonight = evening(*pair, seed=43)
    own_redis.kill()
    with tonight.writing():
        tonight.acknowledges(10)
    tonight.holds(redis="never came back")


def test_one_worker_is_replaced(pair, evening):
    tonight = evening(*pair, seed=44)
    with tonight.writing():
        for number in range(size(1, 8)):
            tonight.acknowledges(10)
            pair[number % 2].restart()  # told to stop, as in an upgrade
        tonight.acknowledges(10)
        pair[0].kill()
        pair[0].start()
        tonight.acknowledges(10)
    tonight.holds()
