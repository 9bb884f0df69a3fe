"""Phones that come and go all the time leave nothing behind in the process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.fault_run import size
from tests.processes import wait_until


@pytest.mark.both_ways
def test_reconnects_leave_nothing_behind(start, fault_run, record):
    # The library keeps a connection that has gone until its next ping was due: let that be soon, so that what
    # is measured is what stays and not what is on its way out.
    server = start(DIALOG_PING="1")
    run = fault_run(server, phones=1, seed=71)
    phones = [run.hall.joins() for _ in range(5)]
    sockets = [phone.connects().socket for phone in phones]

    def comes_and_goes(place: int, times: int) -> None:
        for _ in range(times):
            sockets[place].cut()
            sockets[place].forget()
            sockets[place].reconnect()

    def all_come_and_go(times: int) -> None:
        with ThreadPoolExecutor(len(phones)) as pool:
            list(pool.map(comes_and_goes, range(len(phones)), [times // len(phones)] * len(phones)))

    def settled() -> int:
        """Open files, once the ends of old connections have been noticed."""
        wait_until(lambda: descriptors(server.pid) <= files, "old connections to be closed")
        return descriptors(server.pid)

    files = descriptors(server.pid) + len(phones)
    all_come_and_go(size(300, 2000))
    settled()
    before = memory(server.pid)
    all_come_and_go(size(1000, 10_000))
    settled()
    after = memory(server.pid)
    assert after < before * 1.1, f"grew from {before} to {after} kB"
    with run.writing():
        run.wait_for_acknowledgements(10)
    run.check_promise(reconnects=size(1000, 10_000), growth_percent=round(100 * (after / before - 1), 1))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory(pid: int) -> int:
    """Resident memory in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
