"""The servers that are measured: Dialog with a database of its own, and a Node relay that stores nothing."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from ..config import ROOT

#: Seconds that a server may take to be ready, or to stop.
TIMEOUT = 60
RELAY = ROOT / "bench" / "relay" / "server.mjs"


@dataclass(frozen=True)
class Server:
    """A running server that phones can join."""

    name: str
    port: int
    code: str
    pid: int
    #: Its environment, for commands that run beside it.
    environ: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port_list(self) -> str:
        """Return the ports that the phones share, separated by commas."""
        return str(self.port)

    def memory(self, what: str) -> int:
        """Return a figure of /proc/<pid>/status, in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return round(int(line.split()[1]) / 1024)
        raise click.ClickException("The memory of a process can only be read on Linux.")

    def seconds_used(self) -> float:
        """Return the processor time so far, in seconds."""
        # The text before it is the command's name, which may contain anything.
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def find_node() -> str:
    """Return the path of Node; raise when it or the packages of the relay are missing."""
    found = shutil.which("node")
    if found is None or not (ROOT / "node_modules" / "socket.io").exists():
        raise click.ClickException("This needs Node and the packages of package.json: run make setup first.")
    return found


def server_environment(**settings: str) -> dict[str, str]:
    """Return a server's environment: *settings*, no limits, and little else of this machine's environment."""
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "DIALOG_ENV": "test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "ERROR",
        "DIALOG_LIMITS": "off",
        **settings,
    }


def load_example(environ: Mapping[str, str]) -> str:
    """Load the example into the database of *environ*; return the join code of its open meeting."""
    command = [sys.executable, "-m", "dialog.cli", "demo"]
    output = subprocess.run(  # noqa: S603  our own command
        command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True
    ).stdout
    return output.split("/j/", 1)[1].split()[0]


@contextmanager
def dialog_server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start Dialog on a free port, with the example and its open meeting."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environ = server_environment(DATA_DIR=folder, PORT=str(port), **(settings or {}))
        code = load_example(environ)
        process = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, env=environ)
        try:
            server = Server("dialog", port, code, process.pid, environ=environ)
            _wait_ready(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(TIMEOUT)


@contextmanager
def relay_server() -> Iterator[Server]:
    """Start the official Node server, which forwards the same cards."""
    process = subprocess.Popen(  # noqa: S603  our own script
        [find_node(), str(RELAY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise click.ClickException("The relay did not start.")
        yield Server("relay", int(line), "RELA-YONE", process.pid)
    finally:
        process.stdin.close()
        process.wait(TIMEOUT)


def free_port() -> int:
    """Return a free port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_ready(server: Server, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{server.address}/readyz", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException("The server did not start.")
