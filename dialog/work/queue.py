"""The queue that wakes the worker: huey on a SQLite file of its own, or on Redis with ``REDIS_URL``."""

from __future__ import annotations

import logging
from typing import Any

import redis
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey

from ..config import Settings
from ..ports import Port

log = logging.getLogger(__name__)

#: Name of the queue's message, the same in the process that sends it and in the worker.
TASK = "dialog.run"
#: Does the job with this id; the queue itself knows only the ids of jobs.
run_job: Port[[int], object] = Port("work.queue.run_job")


def queue_of(app: Flask) -> Huey:
    """Return the application's queue; its task runs a job inside the application context."""
    queue = app.extensions.get("dialog_queue")
    if queue is None:
        settings: Settings = app.extensions["dialog_settings"]
        if settings.redis_url:
            # The timeouts keep a frozen Redis from blocking a page or the worker; reading waits one second.
            pool = redis.ConnectionPool.from_url(
                settings.redis_url, socket_timeout=2, socket_connect_timeout=2
            )
            queue = RedisHuey("dialog", connection_pool=pool, read_timeout=1, results=False, utc=True)
        else:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            queue = SqliteHuey(
                "dialog", filename=str(settings.data_dir / "queue.db"), results=False, utc=True
            )

        def task(job_id: int) -> None:
            with app.app_context():
                run_job(job_id)

        app.extensions["dialog_task"] = queue.task(name=TASK)(task)
        app.extensions["dialog_queue"] = queue
    return queue


def send(job_id: int) -> bool:
    """Put a job in the queue; return whether that worked. If it did not, the worker finds the row later."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        queue_of(app)
        app.extensions["dialog_task"](job_id)
        return True
    except Exception as error:  # every store fails with exceptions of its own
        log.warning("the queue did not take job %s: %s", job_id, type(error).__name__)
        return False
