"""The process ``dialog worker``: run jobs from the queue, and find those that the queue has lost."""

from __future__ import annotations

import logging
import threading

from flask import Flask, current_app

from . import jobs
from .queue import queue_of, send

log = logging.getLogger(__name__)

#: Seconds between two searches for lost jobs.
CHECK_SECONDS = 3.0
#: Seconds that a running job gets to finish when the worker is told to stop; less than ``serve`` waits.
FINISH_SECONDS = 6


def run_worker(app: Flask | None = None) -> None:
    """Run jobs until SIGINT or SIGTERM, one at a time: they are heavy, and live meetings come first."""
    app = app or current_app._get_current_object()  # type: ignore[attr-defined]
    assert app is not None
    stopped = threading.Event()
    watcher = threading.Thread(target=_watch_lost_jobs, args=(app, stopped), name="lost-jobs", daemon=True)
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
        _requeue_running_jobs(app)


def _requeue_running_jobs(app: Flask) -> None:
    try:
        with app.app_context():
            for job_id in jobs.requeue_running_jobs():
                log.info("job %s is left to the next worker", job_id)
                send(job_id)
    except Exception:  # the database is away; the next worker will notice the stale heartbeat
        log.warning("could not requeue the running jobs", exc_info=True)


def resend_lost_jobs() -> int:
    """Send every lost job again, or run it here if the queue does not answer. Return how many there were."""
    lost = jobs.take_lost_jobs()
    for job_id in lost:
        if not send(job_id):
            jobs.run_job(job_id)
    return len(lost)


def _watch_lost_jobs(app: Flask, stopped: threading.Event) -> None:
    while not stopped.wait(CHECK_SECONDS):
        try:
            with app.app_context():
                resend_lost_jobs()
        except Exception:  # the database may be restarting; the next search comes soon
            log.warning("could not search for lost jobs", exc_info=True)
