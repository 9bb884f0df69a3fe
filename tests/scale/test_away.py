"""Each part of the site while another is away: the table of docs/how-to/scale-out.md, row by row.

Phones write and viewers watch through nginx meanwhile; afterwards the journal is compared with all screens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.fault_run import FaultRun
from tests.processes import wait_until
from tests.scale.conftest import Site
from tests.services import Postgres, Redis

pytestmark = pytest.mark.thorough

MakeFaultRun = Callable[..., FaultRun]


def visits(site: Site, path: str = "/healthz", number: int = 20) -> set[int]:
    """Return the statuses that this many new visitors get."""
    return {site.front.get(path).status for _ in range(number)}


@contextmanager
def killed(site: Site, number: int) -> Iterator[None]:
    """Kill a worker, and start it again when the block ends."""
    site.workers[number].kill()
    try:
        yield
    finally:
        site.workers[number].start()


@contextmanager
def without(redis: Redis) -> Iterator[None]:
    """Kill Redis, and start it again when the block ends."""
    redis.kill()
    try:
        yield
    finally:
        redis.start()


def sits_at(site: Site, number: int) -> bool:
    """Return whether nginx sends requests to this worker again."""
    return site.came_to("/healthz", **site.cookie_to(number)) == [number]


def test_a_worker_is_killed(site: Site, fault_run: MakeFaultRun) -> None:
    places = [site.cookie_to(number) for number in range(2)]
    run = fault_run(site.front, seed=71, phones=6)
    with run.writing():
        run.wait_for_acknowledgements(10)
        with killed(site, 0):
            assert visits(site) == {200}
            assert visits(site, f"/j/{run.hall.code}", 5) == {200}
            # Devices of the dead worker are served by the other one, whose own devices notice nothing.
            assert [site.front.get("/readyz", **place).status for place in places] == [200, 200]
            run.wait_for_acknowledgements(20)
        run.wait_for_acknowledgements(10)
        assert sits_at(site, 0), "back at once"
    run.check_promise()


def test_worker_stops_while_requests_run(site: Site, fault_run: MakeFaultRun) -> None:
    """No visitor notices an upgrade: another worker answers while one stops."""
    run = fault_run(site.front, seed=72)
    process = site.workers[1].process
    assert process
    with run.writing():
        run.wait_for_acknowledgements(5)
        process.terminate()
        answers = set()
        while process.poll() is None:
            answers |= visits(site, number=1)
        assert answers <= {200}
        assert visits(site) == {200}
        site.workers[1].start()
        run.wait_for_acknowledgements(5)
    run.check_promise()


def test_all_workers_are_away(site: Site, fault_run: MakeFaultRun) -> None:
    page = site.front.get("/").text
    path = re.search(r"/static/[0-9a-f]+/css/[a-z/]+\.css", page)
    assert path
    site.front.get(path[0])
    run = fault_run(site.front, seed=73)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        with killed(site, 0), killed(site, 1):
            answer = site.front.get(f"/j/{run.hall.code}")
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
            assert "Dialog svarar inte just nu" in answer.text
            assert site.front.get(path[0]).status == 200, "nginx has it"
            held = len(journal.acknowledged)
            with pytest.raises(TimeoutError):
                wait_until(lambda: len(journal.acknowledged) > held, "a false acknowledgement", 0.5)
        run.wait_for_acknowledgements(10)
    run.check_promise()


def test_redis_is_killed(site: Site, fault_run: MakeFaultRun, own_redis: Redis) -> None:
    run = fault_run(site.front, seed=74)
    with without(own_redis):
        with run.writing() as journal:
            run.wait_for_acknowledgements(20)
            assert visits(site, "/", 4) == {200}
        run.converge()  # by the heartbeat
    assert journal.count("unknown") == journal.count("unavailable") == 0
    run.check_promise()


def test_redis_is_frozen(site: Site, fault_run: MakeFaultRun, own_redis: Redis) -> None:
    run = fault_run(site.front, seed=75)
    with run.writing() as journal:
        run.wait_for_acknowledgements(10)
        own_redis.freeze()
        try:
            run.wait_for_acknowledgements(40)
            assert visits(site, "/", 4) == {200}
        finally:
            own_redis.thaw()
        run.wait_for_acknowledgements(10)
    assert journal.count("unknown") == journal.count("unavailable") == 0
    run.check_promise()


def test_devices_here_counts_its_own_while_redis_is_away(
    site: Site, fault_run: MakeFaultRun, own_redis: Redis
) -> None:
    hall = fault_run(site.front, seed=76, phones=0).hall
    moderator = hall.moderator().connects(server=site.workers[0])
    before = moderator.socket.wait_for("presence", lambda told: told["online"] >= 1)["online"]
    here, there = (hall.joins().connects(server=worker) for worker in site.workers)
    moderator.socket.wait_for("presence", lambda told: told["online"] == before + 2)
    moderator.socket.forget()
    with without(own_redis):
        moderator.socket.wait_for("presence", lambda told: told["online"] < before + 2)
        moderator.socket.forget()
    moderator.socket.wait_for("presence", lambda told: told["online"] == before + 2)
    for screen in (here, there):
        screen.socket.disconnect()


def test_postgresql_is_restarted(site: Site, fault_run: MakeFaultRun, postgres: Postgres) -> None:
    run = fault_run(site.front, seed=77)
    with run.writing():
        run.wait_for_acknowledgements(5)
        postgres.restart()
        run.wait_for_acknowledgements(10)
    run.check_promise()


def test_postgresql_lets_nobody_in(
    site: Site, fault_run: MakeFaultRun, postgres: Postgres, database_url: str
) -> None:
    name = database_url.partition("@/")[2].partition("?")[0]
    run = fault_run(site.front, seed=77)
    with run.writing() as journal:
        run.wait_for_acknowledgements(5)
        postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            postgres.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            wait_until(lambda: journal.count("unavailable"), "phones to be told")
            held = len(journal.acknowledged)
            assert site.front.get(f"/j/{run.hall.code}").status == 503
            assert visits(site) == {200}, "/healthz: nobody is taken out of service for it"
            assert len(journal.acknowledged) == held, "a false acknowledgement"
        finally:
            postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        run.wait_for_acknowledgements(10)
    run.check_promise()


def test_nginx_is_killed(site: Site, fault_run: MakeFaultRun) -> None:
    run = fault_run(site.front, seed=78)
    with run.writing():
        run.wait_for_acknowledgements(5)
        site.nginx.kill()
        try:
            with pytest.raises(OSError, match=r"refused|reset"):
                site.front.get("/healthz")
        finally:
            site.nginx.start()
        run.wait_for_acknowledgements(10)
    run.check_promise()


def test_nginx_reads_its_configuration_again(site: Site, fault_run: MakeFaultRun) -> None:
    run = fault_run(site.front, seed=79)
    with run.writing():
        run.wait_for_acknowledgements(5)
        site.nginx.reload()
        assert visits(site) == {200}
        run.wait_for_acknowledgements(10)
    run.check_promise()
