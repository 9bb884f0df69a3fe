"""Set-up of nginx: the system's, else the package, else a sentence that names it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts import nginx


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands of the step, which are recorded instead of run."""
    found: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        found.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(nginx.shutil, "which", lambda name, **_where: f"/bin/{name}")
    return found


def test_installed_nginx_is_used(called: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx, "apt_install", lambda _package: pytest.fail("nothing to install"))
    nginx.install()
    assert called == []


def test_web_server_of_the_package_is_stopped(
    called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [None, "/usr/sbin/nginx"]
    monkeypatch.setattr(nginx, "find", lambda: there.pop(0))
    monkeypatch.setattr(nginx, "apt_install", lambda package: package == "nginx")
    nginx.install()
    done = [" ".join(command).removeprefix("sudo -n ") for command in called]
    assert done == ["systemctl disable --now nginx", "service nginx stop"]


def test_missing_nginx_is_named_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(nginx, "find", lambda: None)
    monkeypatch.setattr(nginx, "apt_install", lambda _package: False)
    with pytest.raises(SystemExit):
        nginx.install()
    assert "install the package nginx" in capsys.readouterr().err


def test_nginx_is_found_in_the_folder_of_debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nginx"
    program.touch(mode=0o755)
    monkeypatch.setattr(nginx, "SEARCH_PATH", f"/nowhere:{tmp_path}")
    assert nginx.find() == str(program)
