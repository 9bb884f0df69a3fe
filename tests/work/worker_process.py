"""Run a worker as ``dialog worker`` does, with one kind of job added for the tests.

A job of kind «slow» writes the file ``begun``, and ends when the file ``go`` exists.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from dialog import create_app
from dialog.work import jobs, worker


@jobs.handles_kind("slow")
def slow(arguments: dict[str, str], progress: jobs.Progress) -> None:
    folder = Path(arguments["folder"])
    with (folder / "begun").open("a") as begun:
        begun.write("x")
    while not (folder / "go").exists():
        time.sleep(0.05)
    with (folder / "ended").open("a") as ended:
        ended.write("x")
    progress(1, 1)


worker.CHECK_SECONDS = 0.2
worker.FINISH_SECONDS = 1
jobs.FORGOTTEN_AFTER = timedelta(seconds=1)
worker.run_worker(create_app())
