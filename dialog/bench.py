"""``dialog bench``: how fast and how large, measured anew on the machine it runs on."""

from __future__ import annotations

import json
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from .supervisor import ROOT

#: Seconds for a server to be ready, and for the phones to be done.
PATIENCE = 60


@click.group()
def bench() -> None:
    """Measure: the report in all its forms, or a hall of phones."""


@bench.command()
@click.option("--cards", default=1000, show_default=True, help="Cards in the made-up hall.")
@click.option("--rounds", default=5, show_default=True, help="Rounds after the first.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def report(cards: int, rounds: int, as_json: bool) -> None:
    """Time the report of a made-up hall as page, PDF, Word, Excel and CSV."""
    from .reports import bench as reports

    results = reports.bench_report(cards, rounds=rounds)
    click.echo(reports.as_json(results) if as_json else reports.table(results))


@bench.command()
@click.option("--count", default=100, show_default=True, help="How many phones.")
def phones(count: int) -> None:
    """Let phones join a server of its own and write one card each at once: times, and the server's memory."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / "socket.io-client").exists():
        raise click.ClickException("The phones are the official JavaScript client: run make setup first.")
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (address, code, pid):
        before = _memory(pid, "VmRSS")
        hall = subprocess.Popen(  # noqa: S603  our own script
            [shutil.which("node") or "node", "phones.mjs", address, code, str(count)],
            cwd=ROOT / "bench",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert hall.stdin is not None
        assert hall.stdout is not None
        line = hall.stdout.readline()
        if not line:
            raise click.ClickException("The phones did not finish; see above.")
        found = {
            **json.loads(line),
            "memory_before_mb": before,
            "memory_with_phones_mb": _memory(pid, "VmRSS"),
            "memory_peak_mb": _memory(pid, "VmHWM"),
        }
        hall.communicate("done\n", timeout=PATIENCE)
    for name, value in found.items():
        click.echo(f"{name:<26}{value:>10}")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, str, int]]:
    """A server of its own on a free port with the example loaded: its address, the join code and its pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "DIALOG_ENV": "test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "DIALOG_LIMITS": "off",
    }
    command = [sys.executable, "-m", "dialog.cli", "demo"]
    said = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout  # noqa: S603
    code = said.split("/j/", 1)[1].split()[0]
    server = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, env=environ)  # noqa: S603
    try:
        _wait_ready(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}", code, server.pid
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_ready(address: str, server: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException("The server did not start.")


def _memory(pid: int, what: str) -> int:
    """A figure of /proc/<pid>/status, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return round(int(line.split()[1]) / 1024)
    raise click.ClickException("The memory of a process can only be read on Linux.")
