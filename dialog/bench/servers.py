"""The servers that are measured: ours with a database of its own, and the relay that stores nothing."""

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

#: Seconds for a server to be ready, and to stop.
PATIENCE = 60
RELAY = ROOT / "bench" / "relay" / "server.mjs"


@dataclass(frozen=True)
class Server:
    """Something that phones can join."""

    name: str
    port: int
    code: str
    pid: int
    #: What it was started with, for a command beside it.
    environ: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def doors(self) -> str:
        """The port, or several with commas between them, which the phones share."""
        return str(self.port)

    def memory(self, what: str) -> int:
        """A figure of /proc/<pid>/status, in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return round(int(line.split()[1]) / 1024)
        raise click.ClickException("The memory of a process can only be read on Linux.")

    def seconds_used(self) -> float:
        """Processor time so far."""
        # What stands before it is the command's name, which may hold anything.
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def node() -> str:
    """The path of Node; raises when it or the packages of the yardstick are missing."""
    found = shutil.which("node")
    if found is None or not (ROOT / "node_modules" / "socket.io").exists():
        raise click.ClickException("This needs Node and the packages of package.json: run make setup first.")
    return found


def surroundings(**settings: str) -> dict[str, str]:
    """The environment of a server that is measured: *settings*, no limits, and nothing of this machine's."""
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "DIALOG_ENV": "test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "ERROR",
        "DIALOG_LIMITS": "off",
        **settings,
    }


def example(environ: Mapping[str, str]) -> str:
    """Load the example into the database that *environ* names; the code of its open meeting."""
    command = [sys.executable, "-m", "dialog.cli", "demo"]
    said = subprocess.run(  # noqa: S603  our own command
        command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True
    ).stdout
    return said.split("/j/", 1)[1].split()[0]


@contextmanager
def ours(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server of its own on a free port, with the example loaded and an open meeting."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environ = surroundings(DATA_DIR=folder, PORT=str(port), **(settings or {}))
        code = example(environ)
        process = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, env=environ)
        try:
            server = Server("dialog", port, code, process.pid, environ=environ)
            _wait_ready(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def relay() -> Iterator[Server]:
    """The official Node server, handing on the same cards."""
    process = subprocess.Popen(  # noqa: S603  our own script
        [node(), str(RELAY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
        process.wait(PATIENCE)


def free_port() -> int:
    """A port of loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_ready(server: Server, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{server.address}/readyz", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException("The server did not start.")
