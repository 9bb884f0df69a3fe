"""Helpers for the processes that tests start: free ports, waiting without fixed sleeps, ending."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")

#: Seconds to wait for anything: a busy machine is slow, and the right answer ends the wait at once.
PATIENCE = 90.0


def _numbers() -> Iterator[int]:
    """Yield port numbers for this process. Two workers of one run never get the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    # Another run on this machine begins at another random number.
    begin = random.SystemRandom().randrange(STRETCH)
    for turn in itertools.count(begin):
        yield FIRST_PORT + worker * STRETCH + turn % STRETCH


#: The range is below the ports that the system gives to outgoing connections: one of these could take the
#: port of a server that was killed and is about to start again.
FIRST_PORT, STRETCH, WORKERS = 12_000, 2_500, 8
_port_numbers = _numbers()


def free_port() -> int:
    """Return a TCP port on loopback that is free right now and that no other test gets."""
    for port in _port_numbers:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            break
    return port


def wait_until(question: Callable[[], Answer], what: str, seconds: float = PATIENCE) -> Answer:
    """Call *question* until its answer is true, and return the answer; an error names *what* did not come."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)
    return answer


def accepts(port: int) -> bool:
    """Return whether this port of loopback accepts connections."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Process(Protocol):
    """The methods that ``end`` needs of a process."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


def end(process: Process, seconds: float = 10.0) -> None:
    """Terminate a process, and kill it when it has not ended after *seconds*."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
