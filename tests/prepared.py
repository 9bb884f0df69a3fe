"""Start live processes without waiting for imports: ``tests/prepared_server.py`` forks them."""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: The arguments that Python would run → the module that a fork runs instead.
FORKED = {
    ("wsgi.py",): "wsgi",
    ("-m", "tests.faults.server_with_faults"): "tests.faults.server_with_faults",
}


def can_fork(program: tuple[str, ...], environment: dict[str, str]) -> bool:
    """Return whether this program is prepared, and the system can report the end of another's child."""
    patched_alike = environment.get("DIALOG_ASYNC_MODE", "eventlet") == "eventlet"
    return program in FORKED and patched_alike and hasattr(os, "pidfd_open")


def start(program: tuple[str, ...], environment: dict[str, str], log: Path) -> Fork:
    """Start a live process with exactly this environment."""
    fork_server = _fork_server()
    pid = fork_server.ask(module=FORKED[program], environment=environment, log=str(log))["pid"]
    return Fork(fork_server, int(pid), program)


class _ForkServer:
    """The process that forks servers. It starts with the first server and ends with this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.prepared_server"],
            cwd=ROOT,
            env={**os.environ, "DIALOG_ASYNC_MODE": "eventlet", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self._end)
        self._read()

    def ask(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"the prepared server ended with {self._process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@functools.cache
def _fork_server() -> _ForkServer:
    return _ForkServer()


class Fork:
    """A forked process, with the part of ``subprocess.Popen`` that tests use."""

    def __init__(self, fork_server: _ForkServer, pid: int, args: tuple[str, ...]) -> None:
        self.pid, self.args = pid, args
        self.returncode: int | None = None
        self._fork_server, self._end = fork_server, os.pidfd_open(pid)

    def poll(self) -> int | None:
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _wait(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            ended, _, _ = select.select([self._end], [], [], seconds)
            if ended:
                os.close(self._end)
                self.returncode = int(self._fork_server.ask(reap=self.pid)["code"])
        return self.returncode
