"""The queue that wakes the worker: huey on a SQLite file of its own, or on Redis with ``REDIS_URL``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey

from ..config import Settings

log = logging.getLogger(__name__)

#: The message's name, the same in the process that asks and in the one that works.
TASK = "dialog.run"
_run: Callable[[int], object]


def done_by(run: Callable[[int], object]) -> None:
    """Hand over what does a job: the queue knows nothing of jobs but their numbers."""
    global _run
    _run = run


def queue_of(app: Flask) -> Huey:
    """The application's queue; its task runs a job inside the application."""
    queue = app.extensions.get("dialog_queue")
    if queue is None:
        settings: Settings = app.extensions["dialog_settings"]
        if settings.redis_url:
            # A Redis that is frozen must hold up neither a page nor the worker; reading waits one second.
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
                _run(job_id)

        app.extensions["dialog_task"] = queue.task(name=TASK)(task)
        app.extensions["dialog_queue"] = queue
    return queue


def send(job_id: int) -> bool:
    """Put a job in the queue. A queue that does not answer is no failure: the row stands."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        queue_of(app)
        app.extensions["dialog_task"](job_id)
        return True
    except Exception as error:  # whatever store is behind it, and however it fails
        log.warning("the queue did not take job %s: %s", job_id, type(error).__name__)
        return False
