"""Small helpers for processes that tests start: free ports, waiting without fixed sleeps, ending."""

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

#: Generous: a busy machine is slow, and a right answer ends the wait at once.
PATIENCE = 90.0


def _numbers() -> Iterator[int]:
    """Port numbers for this process. Two workers of one run never draw the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    # Another run beside this one begins elsewhere.
    begin = random.SystemRandom().randrange(STRETCH)
    for turn in itertools.count(begin):
        yield FIRST_PORT + worker * STRETCH + turn % STRETCH


#: Below the numbers that the system gives to outgoing connections: such a one could sit on the port of a
#: server that was killed and shall start again.
FIRST_PORT, STRETCH, WORKERS = 12_000, 2_500, 8
_port_numbers = _numbers()


def free_port() -> int:
    """A TCP port on loopback that nobody listens on right now, and no other test will be given."""
    for port in _port_numbers:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            break
    return port


def wait_until(question: Callable[[], Answer], what: str, seconds: float = PATIENCE) -> Answer:
    """Ask again and again until the answer is true, and return it; fails with ``what`` was waited for."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)
    return answer


def accepts(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Process(Protocol):
    """What is needed to end a process."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


def end(process: Process, seconds: float = 10.0) -> None:
    """Ask a process to stop, and insist when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
