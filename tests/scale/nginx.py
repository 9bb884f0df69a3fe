"""An nginx with the configuration of docs/how-to/scale-out/nginx.conf, which a test can break."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from dialog.bench.nginx import NginxPorts, find_nginx, write_configuration
from scripts.nginx import MISSING
from tests.processes import accepts, end, free_port, wait_until


class Nginx:
    """An nginx on loopback. ``port`` serves plain HTTP, ``tls_port`` HTTPS with a certificate."""

    def __init__(self, folder: Path, workers: list[int]) -> None:
        assert find_nginx(), MISSING
        self.folder = folder
        self.port, self.tls_port, self.redirecting_port = free_port(), free_port(), free_port()
        doors = NginxPorts(self.port, self.tls_port, self.redirecting_port)
        self._command = write_configuration(folder, workers, doors)
        self.log_file = folder / "dialog.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""

    def lines(self, count: int = 0) -> list[str]:
        """Wait until the log has this many lines, and return them."""
        wait_until(lambda: len(self.log.splitlines()) >= count, f"{count} lines in nginx's log")
        return self.log.splitlines()

    def start(self) -> Nginx:
        self.process = subprocess.Popen(self._command)
        wait_until(lambda: accepts(self.port), "nginx to start")
        return self

    def reload(self) -> None:
        """Read the configuration again, as ``systemctl reload nginx`` does."""
        assert self.process
        self.process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """Kill the master and its workers, as when the machine loses its power."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            end(self.process)
