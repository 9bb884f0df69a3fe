"""The worker: ``dialog worker``. Takes jobs from the queue, and looks for those the queue has lost."""

from __future__ import annotations

import logging
import threading

from flask import Flask, current_app

from . import jobs
from .queue import queue_of, send

log = logging.getLogger(__name__)

#: How often the rows are looked through.
LOOK_SECONDS = 3.0
#: A job under way may be finished in so long when the worker is told to stop; shorter than `serve` waits.
FINISH_SECONDS = 6


def run_worker(app: Flask | None = None) -> None:
    """Work until told to stop (SIGINT, SIGTERM). One job at a time: they are heavy, the hall comes first."""
    app = app or current_app._get_current_object()  # type: ignore[attr-defined]
    assert app is not None
    stopped = threading.Event()
    watcher = threading.Thread(target=_look, args=(app, stopped), name="lost-jobs", daemon=True)
    watcher.start()
    consumer = queue_of(app).create_consumer(
        workers=1,
        worker_type="thread",
        periodic=False,
        initial_delay=0.05,
        backoff=1.2,
        max_delay=0.5,
        graceful_signal="TERM",
        shutdown_timeout=FINISH_SECONDS,
    )
    log.info("the worker is ready")
    try:
        consumer.run()
    finally:
        stopped.set()
        _hand_back(app)


def _hand_back(app: Flask) -> None:
    try:
        with app.app_context():
            for job_id in jobs.hand_back():
                log.info("job %s is left to the next worker", job_id)
                send(job_id)
    except Exception:  # the database is away; the next worker sees by itself that nobody is at it any more
        log.warning("could not hand back what was under way", exc_info=True)


def look_once() -> int:
    """Send every lost job again, or do it here when the queue does not answer; returns how many."""
    lost = jobs.take_lost()
    for job_id in lost:
        if not send(job_id):
            jobs.run(job_id)
    return len(lost)


def _look(app: Flask, stopped: threading.Event) -> None:
    while not stopped.wait(LOOK_SECONDS):
        try:
            with app.app_context():
                look_once()
        except Exception:  # the database may be restarting; the next look comes soon
            log.warning("could not look for lost jobs", exc_info=True)
