"""``dialog run`` in an empty folder: it sets up, serves and prints the sign-ins."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live_server import OPENER, ROOT
from tests.processes import end, free_port, wait_until


class Terminal:
    """A process of ``dialog run`` and its output."""

    def __init__(self, data_dir: Path, port: int, **environment: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        given = {"DATA_DIR": str(data_dir), "PORT": str(port), "PYTHONUNBUFFERED": "1", **environment}
        self.file = data_dir.with_suffix(f".{port}.log")
        self.url = f"http://127.0.0.1:{port}"
        with self.file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dialog.cli", "run"],
                cwd=ROOT,
                env=kept | given,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.file.read_text(errors="replace")

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.said or self.process.poll() is not None, f"«{words}»:\n{self.said}")
        assert words in self.said, self.said

    def get(self, path: str) -> int:
        with OPENER.open(self.url + path, timeout=30) as answer:
            return int(answer.status)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    made: list[Terminal] = []

    def begin(port: int, **environment: str) -> Terminal:
        made.append(Terminal(tmp_path / "var", port, **environment))
        return made[-1]

    yield begin
    for terminal in made:
        end(terminal.process)


def test_run_command_sets_up_and_starts_again(start: Callable[..., Terminal]) -> None:
    first = start(free_port(), DIALOG_DEMO_PASSWORD="en lagom lang mening")
    first.wait_for("Sign in")
    code = re.search(r"/j/([A-Z0-9]{4}-[A-Z0-9]{4})", first.said)
    assert code
    assert first.get(f"/j/{code.group(1)}") == 200
    for words in (f"{first.url}/meetings/", f"{first.url}/reports/", "politiker@vansbro.example", "en lagom"):
        assert words in first.said
    end(first.process)
    again = start(free_port())
    again.wait_for("Sign in")
    assert code.group(1) in again.said, "the meeting is still open"
    assert "en lagom lang mening" in again.said, "in development the example's sign-ins are shown again"
    assert again.get("/") == 200


def test_production_does_not_start_without_a_secret(start: Callable[..., Terminal]) -> None:
    terminal = start(free_port(), DIALOG_ENV="production")
    assert terminal.process.wait(60) == 1
    assert "SECRET_KEY" in terminal.said
    assert "Traceback" not in terminal.said


def test_taken_port_is_reported(start: Callable[..., Terminal]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        terminal = start(port)
        assert terminal.process.wait(60) == 1
    assert f"port {port}" in terminal.said
    assert "PORT=8001" in terminal.said
    assert "Traceback" not in terminal.said


def test_help_needs_no_settings() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "dialog.cli", "--help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DIALOG_ENV": "production"},
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("backup", "check", "create-user", "demo", "restore", "run", "serve"):
        assert f"\n  {command} " in asked.stdout
