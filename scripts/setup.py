"""Set up everything: ``python3 -m scripts.setup run``, or ``… test`` with the test tools.

A step is skipped when its lock file has not changed since it was last done.
"""

from __future__ import annotations

import sys

from scripts import browser, environment, nginx, node, redis_server, vendor
from scripts.steps import PYTHON, run


def main(level: str) -> None:
    environment.install(level)
    node.install(level)
    vendor.install()
    run(PYTHON, "-m", "scripts.catalogue", "compile", otherwise="The translations could not be compiled.")
    run(PYTHON, "-m", "scripts.precompress", otherwise="The static files could not be compressed.")
    if level == "test":
        browser.install()
        redis_server.install()
        nginx.install()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "test")
