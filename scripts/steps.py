"""Functions that all set-up steps share: print progress, fail with advice, skip what is done.

They use the standard library only, because they run before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".cache" / "stamps"


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def fail(sentence: str) -> NoReturn:
    """Exit with one sentence that says what to do."""
    print(f"\n{sentence}\n", file=sys.stderr, flush=True)
    sys.exit(1)


def run(*command: str | Path, otherwise: str, quiet: bool = False) -> None:
    """Run a command in the project's folder; when it fails, print ``otherwise`` and exit."""
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=output, check=False)
    except OSError as error:
        fail(f"{otherwise} ({error})")
    if done.returncode:
        fail(otherwise)


def digest(parts: Iterable[str | Path]) -> str:
    """Return one checksum of strings and files; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part.read_bytes() if part.exists() else b""
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


def is_done(name: str, key: Iterable[str | Path], made: Path) -> bool:
    """Return whether a step was done with the same ``key`` and its result ``made`` still exists."""
    stamp = STAMPS / name
    return made.exists() and stamp.exists() and stamp.read_text() == digest(key)


def once(name: str, key: Iterable[str | Path], made: Path, work: Callable[[], None]) -> None:
    """Call ``work`` unless it was done with the same ``key``."""
    key = list(key)
    if is_done(name, key, made):
        return
    stamp = STAMPS / name
    stamp.unlink(missing_ok=True)
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest(key))


def apt_install(package: str) -> bool:
    """Install a Debian package if we may; return whether it worked."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], check=False).returncode:
            return False
        sudo = ["sudo", "-n"]
    say(f"installing {package} with apt-get")
    environment = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
        if subprocess.run([*environment, *arguments], stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True
