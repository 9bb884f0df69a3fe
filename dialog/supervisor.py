"""``dialog serve``: live process and worker side by side. Who dies is started again; both stop together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

log = logging.getLogger("dialog.supervisor")
ROOT = Path(__file__).resolve().parent.parent
#: Seconds that a process gets to stop by itself.
STOP_SECONDS = 10
#: A process that lived shorter than this is started again only after a pause, so that a fault does not spin.
SHORT_LIFE = 5.0


@dataclass
class Part:
    """One of the processes."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self, environ: Mapping[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=dict(environ))  # noqa: S603  our own

    @property
    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def parts() -> list[Part]:
    """What Dialog consists of on one machine."""
    return [
        Part("live", [sys.executable, str(ROOT / "wsgi.py")]),
        Part("worker", [sys.executable, "-m", "dialog.cli", "worker"]),
    ]


def run(environ: Mapping[str, str]) -> int:
    """Start everything and watch over it until a signal says stop; returns the exit code."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running = parts()
    for part in running:
        part.start(environ)
    while not stopping:
        time.sleep(0.2)
        for part in running:
            if part.died and not stopping:
                log.error("%s ended; starting it again", part.name)
                if time.monotonic() - part.started < SHORT_LIFE:
                    time.sleep(1)
                part.start(environ)
    for part in running:
        if part.process is not None and part.process.poll() is None:
            part.process.terminate()
    for part in running:
        if part.process is None:
            continue
        try:
            part.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
    return 0
