"""Create the Python environment in ``.venv`` from the locks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from scripts.steps import PYTHON, ROOT, STAMPS, VENV, apt_install, fail, is_done, once, run, say

PIP: list[str | Path] = [
    PYTHON,
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "install",
    "--quiet",
]


def lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def install(level: str) -> None:
    """Install the packages locked for ``level`` (run or test), then Dialog itself, editable."""
    create_venv()
    # The packages for tests include all packages for running.
    if level == "test" or not is_done("python-test", [lock("test")], PYTHON):
        once(f"python-{level}", [lock(level)], PYTHON, lambda: install_lock(level))
    project: list[str | Path] = [ROOT / "pyproject.toml", ROOT / "requirements" / "run.in"]
    once("python-dialog", project, VENV / "bin" / "dialog", install_dialog)


def create_venv() -> None:
    """Create ``.venv`` if it does not exist or its Python no longer starts."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    if importlib.util.find_spec("ensurepip") is None and not apt_install("python3-venv"):
        fail("Python cannot make virtual environments here: install the package python3-venv and try again.")
    say(f"making .venv with Python {sys.version.split()[0]}")
    for stamp in STAMPS.glob("python-*"):
        stamp.unlink()
    run(sys.executable, "-m", "venv", "--clear", VENV, otherwise="The Python environment could not be made.")


def install_lock(name: str) -> None:
    say(f"installing the packages in requirements/{name}.txt")
    run(
        *PIP,
        "--require-hashes",
        "-r",
        lock(name),
        otherwise="Some Python packages could not be installed: read the lines above, check that "
        "this machine reaches a Python package index, and run the same command again.",
    )


def install_dialog() -> None:
    say("installing the command dialog")
    run(
        *PIP,
        "--quiet",  # twice, because setuptools prints a long warning for every editable package
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        ROOT,
        otherwise="The package dialog could not be installed: is pyproject.toml whole?",
    )
