"""Find or install Chromium for the browser tests: the system's, else Debian's package, else Playwright's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from scripts.steps import PYTHON, ROOT, apt_install, fail, say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
#: Folder of Playwright's own browser.
PLAYWRIGHT = ROOT / ".cache" / "playwright"


def find() -> str | None:
    """Return the path of the browser; the variable CHROMIUM overrides the search."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        path = shutil.which(name) if name else None
        # On Ubuntu, a stub of that name only says that the browser is available as a snap.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    own = sorted(PLAYWRIGHT.glob("chromium*/chrome-*/*"))
    return next((str(path) for path in own if path.name in {"chrome", "headless_shell"}), None)


def install() -> None:
    if find():
        return
    if apt_install("chromium") and find():
        return
    say("no Chromium here: asking Playwright for its own")
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(PLAYWRIGHT)}
    command: list[str | Path] = [PYTHON, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, env=environment, check=False)
    if not find():
        fail("The browser tests need Chromium: install the package chromium, or set CHROMIUM to a browser.")
