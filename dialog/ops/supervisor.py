"""``dialog serve``: live processes and job worker side by side. Who dies is started again; all stop together.

Several live processes listen on PORT and the ports after it, for a proxy in front of them. SIGHUP replaces
them one at a time: the next one stops when the one before answers again and its devices are back.
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

log = logging.getLogger("dialog.ops.supervisor")
#: Seconds that a process gets to stop by itself.
STOP_SECONDS = 10
#: A process that lived shorter than this is started again only after a pause, so that a fault does not spin.
SHORT_LIFE = 5.0
#: Seconds in which a replaced process has to answer; else the others are left as they are.
READY_SECONDS = 60.0
#: Pause before the next one is replaced: the devices of the one before are back by then.
SETTLE_SECONDS = 4.0


@dataclass
class Part:
    """One of the processes."""

    name: str
    command: list[str]
    environ: dict[str, str]
    #: Where it says how it is; the job worker is nowhere to be asked.
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
        """Does it serve, with a database that answers? Redis may be away: it only wakes."""
        if not self.address:
            return True
        try:
            with build_opener(ProxyHandler({})).open(self.address, timeout=2) as answer:
                said = answer.read()
        except HTTPError as refusal:
            with refusal:
                said = refusal.read()
        except (URLError, OSError):
            return False
        try:
            return json.loads(said).get("database") is True
        except ValueError:
            return False


def parts(environ: Mapping[str, str], workers: int) -> list[Part]:
    """What Dialog consists of on one machine; raises ``ConfigurationError`` where it could not start."""
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
        Part(
            f"live process on port {port}",
            [sys.executable, str(ROOT / "wsgi.py")],
            {**environ, "PORT": str(port)},
            f"http://{name}:{port}/readyz",
        )
        for port in range(settings.port, settings.port + workers)
    ]
    return [*live, Part("job worker", [sys.executable, "-m", "dialog.cli", "worker"], dict(environ))]


class Supervisor:
    """Watches over the parts until a signal says stop."""

    def __init__(self, parts: list[Part], settle: float = SETTLE_SECONDS) -> None:
        self.parts, self.settle = parts, settle
        self._stopping = False
        self._to_replace: list[Part] = []
        self._new: Part | None = None
        self._calm_at = 0.0

    def stop(self, *_signal: object) -> None:
        self._stopping = True

    def replace(self, *_signal: object) -> None:
        """Replace every process, one at a time; asked again meanwhile, begin anew."""
        self._to_replace = list(self.parts)

    def run(self) -> int:
        """Start everything and watch over it; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGHUP, self.replace)
        for part in self.parts:
            part.start()
        while not self._stopping:
            time.sleep(0.2)
            self.go_on()
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.wait_until_stopped()
        return 0

    @property
    def replacing(self) -> bool:
        return bool(self._to_replace) or self._new is not None

    def go_on(self) -> None:
        """One look at everything."""
        self._revive()
        self._go_on_replacing()

    def _revive(self) -> None:
        for part in self.parts:
            if part.died and not self._stopping:
                log.error("the %s ended; starting it again", part.name)
                if time.monotonic() - part.started < SHORT_LIFE:
                    time.sleep(1)
                part.start()

    def _go_on_replacing(self) -> None:
        now = time.monotonic()
        if self._new is not None:
            if self._new.is_ready():
                log.info("the new %s is ready", self._new.name)
                self._new, self._calm_at = None, now + self.settle
            elif now - self._new.started > READY_SECONDS:
                log.error("the new %s does not get ready; the others stay as they are", self._new.name)
                self._new, self._to_replace = None, []
        elif self._to_replace and now >= self._calm_at and not self._stopping:
            part = self._to_replace.pop(0)
            part.ask_to_stop()
            part.wait_until_stopped()
            part.start()
            self._new = part


def allow_many_files() -> None:
    """Every phone is an open file, and many systems begin with 1,024 of them: take what is allowed."""
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(environ: Mapping[str, str], workers: int = 1) -> int:
    """Serve with so many live processes until told to stop; returns the exit code."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    all_parts = parts(environ, workers)
    allow_many_files()
    return Supervisor(all_parts).run()
