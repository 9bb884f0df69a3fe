"""Phones that reconnect all the time leave no open files and no memory behind in the process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.fault_run import size
from tests.processes import wait_until


@pytest.mark.both_ways
def test_reconnects_leave_nothing_behind(start, fault_run, record):
    # The library keeps a closed connection until its next ping was due. A short interval keeps these
    # connections out of the measurement.
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
        """Return the number of open files after old connections have been closed."""
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
    """Return the resident memory in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
