"""nginx for the tests: the system's if there is one, else the package, else a sentence that names it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts import nginx


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the step runs, which is written down instead."""
    found: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        found.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(nginx.shutil, "which", lambda name, **_where: f"/bin/{name}")
    return found


def test_what_is_there_is_used_and_nothing_is_installed(
    called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nginx, "apt_install", lambda _package: pytest.fail("nothing to install"))
    nginx.install()
    assert called == []


def test_the_web_server_that_comes_with_the_package_is_not_left_running(
    called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [None, "/usr/sbin/nginx"]
    monkeypatch.setattr(nginx, "find", lambda: there.pop(0))
    monkeypatch.setattr(nginx, "apt_install", lambda package: package == "nginx")
    nginx.install()
    done = [" ".join(command).removeprefix("sudo -n ") for command in called]
    assert done == ["systemctl disable --now nginx", "service nginx stop"]


def test_without_it_a_sentence_names_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(nginx, "find", lambda: None)
    monkeypatch.setattr(nginx, "apt_install", lambda _package: False)
    with pytest.raises(SystemExit):
        nginx.install()
    assert "install the package nginx" in capsys.readouterr().err


def test_it_is_found_where_debian_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nginx"
    program.touch(mode=0o755)
    monkeypatch.setattr(nginx, "PLACES", f"/nowhere:{tmp_path}")
    assert nginx.find() == str(program)
