"""Find or install nginx for the tests of several processes: the system's, else Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess

from scripts.steps import apt_install, fail, say

#: Folders with the program; Debian's is only on the path of root.
SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
MISSING = "The tests of several machines need nginx: install the package nginx and try again."


def find() -> str | None:
    return shutil.which("nginx", path=SEARCH_PATH)


def install() -> None:
    if find():
        return
    if not apt_install("nginx") or not find():
        fail(MISSING)
    # The package starts a web server on port 80; the tests need it stopped and start their own.
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    say("stopping the web server that came with the package nginx")
    for tool, *arguments in (["systemctl", "disable", "--now", "nginx"], ["service", "nginx", "stop"]):
        if shutil.which(tool):
            subprocess.run([*sudo, tool, *arguments], capture_output=True, check=False)
