"""Workers on PostgreSQL with Redis: Redis dies, freezes or is emptied, and workers are replaced."""

from __future__ import annotations

import re
import time

import pytest

from tests.faults.fault_run import size
from tests.live_server import ROOT
from tests.services import Redis


@pytest.fixture
def own_redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def workers(start, migrated_postgres_url, own_redis):
    """Start live processes on one database."""

    def make(count: int):
        return [start(DATABASE_URL=migrated_postgres_url, REDIS_URL=own_redis.url) for _ in range(count)]

    return make


def test_redis_is_killed(workers, fault_run, own_redis):
    run = fault_run(*workers(2), seed=41)
    with run.writing() as journal:
        run.wait_for_acknowledgements(10)
        own_redis.kill()
        run.keep_writing_for(3)
        own_redis.start()
        run.wait_for_acknowledgements(10)
    assert journal.count("unknown") == journal.count("unavailable") == 0
    run.check_promise(redis="killed 3 s")


def test_redis_freezes(workers, fault_run, own_redis):
    seconds = size(5, 30)
    run = fault_run(*workers(2), seed=42)
    with run.writing() as journal:
        run.wait_for_acknowledgements(10)
        own_redis.freeze()
        run.keep_writing_for(seconds)
        own_redis.thaw()
        run.wait_for_acknowledgements(10)
    assert journal.count("unknown") == journal.count("unavailable") == 0
    run.check_promise(redis=f"frozen {seconds} s")


def test_redis_is_flushed(workers, fault_run, own_redis):
    run = fault_run(*workers(2), seed=45)
    with run.writing() as journal:
        for _ in range(size(3, 10)):
            run.wait_for_acknowledgements(10)
            own_redis.flush()
        run.wait_for_acknowledgements(10)
    assert journal.count("unknown") == journal.count("unavailable") == 0
    run.check_promise(redis="flushed")


def test_viewers_converge_while_redis_is_still_away(workers, fault_run, own_redis):
    run = fault_run(*workers(2), seed=43)
    own_redis.kill()
    with run.writing():
        run.wait_for_acknowledgements(10)
    run.check_promise(redis="never came back")


def test_workers_are_replaced_one_at_a_time(workers, fault_run, node):
    crowd = workers(size(2, 4))
    run = fault_run(*crowd, seed=44)
    comes_back = as_our_pages_do()
    waiting = [
        [node.connect(worker.url, run.hall.joins().auth, **comes_back) for _ in range(size(5, 25))]
        for worker in crowd
    ]
    back: list[float] = []
    with run.writing():
        for worker, sockets in zip(crowd, waiting, strict=True):
            run.wait_for_acknowledgements(10)
            for socket in sockets:
                socket.forget()
            worker.stop()  # as in an upgrade
            worker.start()
            serving = time.monotonic()
            for socket in sockets:
                socket.wait_for("$connect")
                back.append(time.monotonic() - serving)
        run.wait_for_acknowledgements(10)
        crowd[0].kill()
        crowd[0].start()
        run.wait_for_acknowledgements(10)
    for sockets in waiting:
        for socket in sockets:
            socket.disconnect()
    run.check_promise(workers=len(crowd), clients_back=len(back), last_back_after_s=round(max(back), 1))


def as_our_pages_do() -> dict[str, object]:
    """Connect as the pages do: phones come back at different times, never all at once."""
    script = (ROOT / "static" / "js" / "live" / "client.js").read_text()
    given = dict(
        re.findall(r"(reconnectionDelay|reconnectionDelayMax|randomizationFactor): ([\d._]+)", script)
    )
    assert float(given["randomizationFactor"]) >= 0.5, "a whole hall would come back in the same moment"
    return {"reconnection": True, **{name: float(value) for name, value in given.items()}}
