"""``dialog serve``: run live processes and the job worker, restart those that die, and stop all together.

Several live processes listen on PORT and the ports after it, behind a proxy. SIGHUP replaces them one at a
time: the next one stops only after the previous one answers again and its devices have reconnected.
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from ..config import ROOT, Settings
from ..errors import ConfigurationError

log = logging.getLogger(__name__)
#: Seconds that a process gets to stop before it is killed.
STOP_SECONDS = 10
#: Seconds; a process that lived shorter restarts only after a pause, so that a fault causes no busy loop.
SHORT_LIFE = 5.0
#: Seconds in which a new process has to answer; otherwise the other ones are not replaced.
READY_SECONDS = 60.0
#: Seconds before the next replacement, in which the devices of the previous process reconnect.
SETTLE_SECONDS = 4.0


@dataclass
class ManagedProcess:
    """A process that the supervisor starts, restarts and stops."""

    name: str
    command: list[str]
    environ: dict[str, str]
    #: Address that reports readiness; empty for the job worker, which has none.
    address: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environ)  # noqa: S603  our own

    @property
    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def is_ready(self) -> bool:
        """Return whether it serves and its database answers. Redis may be away: it only wakes."""
        if not self.address:
            return True
        try:
            with build_opener(ProxyHandler({})).open(self.address, timeout=2) as answer:
                body = answer.read()
        except HTTPError as refusal:
            with refusal:
                body = refusal.read()
        except (URLError, OSError):
            return False
        try:
            return json.loads(body).get("database") is True
        except ValueError:
            return False


def dialog_processes(environ: Mapping[str, str], workers: int) -> list[ManagedProcess]:
    """Return the processes of Dialog on one machine; raise ``ConfigurationError`` for impossible settings."""
    settings = Settings.from_env(environ)
    if workers > 1 and settings.is_sqlite:
        raise ConfigurationError(
            "several live processes need PostgreSQL: set DATABASE_URL, or leave out --workers."
        )
    if workers > 1 and not settings.redis_url:
        log.warning("without REDIS_URL the live processes hear of each other by the heartbeat only")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  only asked
    name = f"[{host}]" if ":" in host else host
    live = [
        ManagedProcess(
            f"live process on port {port}",
            [sys.executable, str(ROOT / "wsgi.py")],
            {**environ, "PORT": str(port)},
            f"http://{name}:{port}/readyz",
        )
        for port in range(settings.port, settings.port + workers)
    ]
    return [
        *live,
        ManagedProcess("job worker", [sys.executable, "-m", "dialog.cli", "worker"], dict(environ)),
    ]


class Supervisor:
    """The loop that watches the processes until a signal tells it to stop."""

    def __init__(self, processes: list[ManagedProcess], settle: float = SETTLE_SECONDS) -> None:
        self.processes, self.settle = processes, settle
        self._stopping = False
        self._to_replace: list[ManagedProcess] = []
        self._replacement: ManagedProcess | None = None
        self._settled_at = 0.0

    def stop(self, *_signal: object) -> None:
        self._stopping = True

    def replace(self, *_signal: object) -> None:
        """Replace every process, one at a time; a second call meanwhile begins anew."""
        self._to_replace = list(self.processes)

    def run(self) -> int:
        """Start all processes and watch them until told to stop; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGHUP, self.replace)
        for process in self.processes:
            process.start()
        while not self._stopping:
            time.sleep(0.2)
            self.check()
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.wait_until_stopped()
        return 0

    @property
    def replacing(self) -> bool:
        return bool(self._to_replace) or self._replacement is not None

    def check(self) -> None:
        """Restart dead processes and continue a replacement, once."""
        self._restart_dead()
        self._continue_replacing()

    def _restart_dead(self) -> None:
        for process in self.processes:
            if process.died and not self._stopping:
                log.error("the %s ended; starting it again", process.name)
                if time.monotonic() - process.started < SHORT_LIFE:
                    time.sleep(1)
                process.start()

    def _continue_replacing(self) -> None:
        now = time.monotonic()
        if self._replacement is not None:
            if self._replacement.is_ready():
                log.info("the new %s is ready", self._replacement.name)
                self._replacement, self._settled_at = None, now + self.settle
            elif now - self._replacement.started > READY_SECONDS:
                log.error(
                    "the new %s does not get ready; the others stay as they are", self._replacement.name
                )
                self._replacement, self._to_replace = None, []
        elif self._to_replace and now >= self._settled_at and not self._stopping:
            process = self._to_replace.pop(0)
            process.ask_to_stop()
            process.wait_until_stopped()
            process.start()
            self._replacement = process


def raise_file_limit() -> None:
    """Raise the limit of open files to its maximum: every phone is one, and the default is often 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def run(environ: Mapping[str, str], workers: int = 1) -> int:
    """Serve with *workers* live processes until told to stop; return the exit code."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    processes = dialog_processes(environ, workers)
    raise_file_limit()
    return Supervisor(processes).run()
