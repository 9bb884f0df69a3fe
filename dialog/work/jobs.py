"""Enqueue heavy work and run it.

The ``Job`` row is the truth; the queue only wakes the worker and may lose messages. A job is identified by a
key that says what it makes, so enqueueing it twice gives one job. Handlers must be idempotent: when a worker
is killed, the next one runs the same job again.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..db import db, utcnow, write
from ..errors import Unavailable
from . import queue
from .models import Job

log = logging.getLogger(__name__)

#: Receives the number of steps done and the total.
Progress = Callable[[int, int], None]
#: Does the work that the arguments describe; commits its result through ``write()``.
Handler = Callable[[dict[str, Any], Progress], None]

#: Attempts before a job fails for good.
MAX_ATTEMPTS = 3
#: Seconds between heartbeats of a running job; after ``STALE_AFTER`` without one, another worker takes it.
HEARTBEAT_SECONDS = 5.0
STALE_AFTER = timedelta(seconds=30)
#: A queued job that nobody has begun after this long is sent to the queue again.
FORGOTTEN_AFTER = timedelta(seconds=10)
#: Seconds between two updates of the progress in the database.
PROGRESS_SECONDS = 0.5

_handlers: dict[str, Handler] = {}
#: Jobs that run in this process: id and attempt.
_running_attempts: dict[int, int] = {}


def handles_kind(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of jobs of *kind*."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue_in(session: Session, key: str, kind: str, arguments: dict[str, Any]) -> Job:
    """Enqueue a job inside the caller's transaction; call ``wake_worker`` after it has committed.

    The same key gives the same job while it waits or runs; a job that has ended is queued anew.
    """
    # Two processes may enqueue the same key at once: the second one finds the row of the first.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Job).values(key=key, kind=kind, arguments=arguments).on_conflict_do_nothing())
    job = session.scalars(select(Job).where(Job.key == key).with_for_update()).one()
    if job.state in ("done", "failed"):
        job.state, job.progress, job.attempts, job.error = "queued", 0, 0, ""
        job.finished_at = None
    return job


def enqueue(key: str, kind: str, arguments: dict[str, Any]) -> Job:
    """Enqueue a job in a transaction of its own, and wake the worker."""
    with write() as session:
        job = enqueue_in(session, key, kind, arguments)
    wake_worker(job)
    return job


def find_job(key: str) -> Job | None:
    """Return the job with *key* as it is in the database now."""
    return db.session.scalar(select(Job).where(Job.key == key).execution_options(populate_existing=True))


def wake_worker(*jobs: Job) -> None:
    """Send jobs to the queue. If the queue does not answer, the worker finds the rows soon after."""
    for job in jobs:
        if job.state == "queued" and not queue.send(job.id):
            return  # it would not take the next one either, and each attempt may wait for a timeout


def run_job(job_id: int) -> bool:
    """Run a job unless it is done or another worker runs it. Return whether it was done here."""
    claimed = _claim_job(job_id)
    if claimed is None:
        return False
    kind, arguments, attempt = claimed
    handler = _handlers.get(kind)
    _running_attempts[job_id] = attempt
    try:
        if handler is None:
            raise LookupError(f"no handler for jobs of kind {kind}")
        with _heartbeat(job_id, attempt):
            handler(arguments, _progress_recorder(job_id, attempt))
    except Exception as error:
        # The place only, not the error's message: the message may quote what a resident wrote.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "job %s (%s) failed in attempt %s: %s at %s:%s",
            *(job_id, kind, attempt, type(error).__name__, where.filename, where.lineno),
        )
        _finish_attempt(
            job_id, attempt, "queued" if attempt < MAX_ATTEMPTS else "failed", type(error).__name__
        )
        return False
    else:
        _finish_attempt(job_id, attempt, "done", "")
        return True
    finally:
        _running_attempts.pop(job_id, None)


def requeue_running_jobs() -> list[int]:
    """Queue this process's running jobs again, because it is about to stop. Return their ids.

    The next worker can begin at once instead of waiting until the heartbeat is stale. If the handler still
    ends here before the process does, its result no longer closes the job.
    """
    running = list(_running_attempts.items())
    for job_id, attempt in running:
        _finish_attempt(job_id, attempt, "queued", "")
    return [job_id for job_id, _attempt in running]


def take_lost_jobs(now: datetime | None = None) -> list[int]:
    """Return the ids of jobs that the queue has lost, and mark them so that the next call skips them.

    A job is lost when it has been queued for ``FORGOTTEN_AFTER``, or runs with a stale heartbeat.
    """
    now = now or utcnow()
    before = now - FORGOTTEN_AFTER
    queued = and_(
        Job.state == "queued",
        Job.created_at < before,
        or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < before),
    )
    silent = and_(Job.state == "running", Job.heartbeat_at < now - STALE_AFTER)
    lost = list(db.session.scalars(select(Job.id).where(or_(queued, silent)).order_by(Job.id)))
    db.session.rollback()
    if lost:
        with write() as session:
            session.execute(
                update(Job).where(Job.id.in_(lost), Job.state == "queued").values(heartbeat_at=now)
            )
    return lost


def _claim_job(job_id: int) -> tuple[str, dict[str, Any], int] | None:
    with write() as session:
        # The lock keeps two workers on PostgreSQL from claiming the same job at once.
        job = session.get(Job, job_id, populate_existing=True, with_for_update=True)
        now = utcnow()
        if job is None or job.state in ("done", "failed"):
            return None
        if job.state == "running":
            if job.heartbeat_at is not None and job.heartbeat_at > now - STALE_AFTER:
                return None
            if job.attempts >= MAX_ATTEMPTS:
                job.state, job.error, job.finished_at = "failed", "the worker stopped", now
                return None
        job.state, job.heartbeat_at, job.progress = "running", now, 0
        job.attempts += 1
        return job.kind, dict(job.arguments), job.attempts


def _finish_attempt(job_id: int, attempt: int, state: str, error: str) -> None:
    """Close this attempt, unless a later attempt has taken over the job."""
    with write() as session:
        now = utcnow()
        session.execute(
            update(Job)
            .where(Job.id == job_id, Job.attempts == attempt, Job.state == "running")
            .values(
                state=state,
                error=error,
                heartbeat_at=now,
                **({"progress": 100} if state == "done" else {}),
                **({} if state == "queued" else {"finished_at": now}),
            )
        )


def _record_heartbeat(job_id: int, attempt: int, progress: int | None = None) -> None:
    with write() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id, Job.attempts == attempt, Job.state == "running")
            .values(heartbeat_at=utcnow(), **({} if progress is None else {"progress": progress}))
        )


def _progress_recorder(job_id: int, attempt: int) -> Progress:
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            # 100 is reserved for a job that is done and saved.
            _record_heartbeat(job_id, attempt, min(99, 100 * done // total) if total else 0)

    return report


@contextmanager
def _heartbeat(job_id: int, attempt: int) -> Iterator[None]:
    """Record a heartbeat from a thread, because the work may spend long inside a library."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(HEARTBEAT_SECONDS):
            with app.app_context():
                try:
                    _record_heartbeat(job_id, attempt)
                except Unavailable:
                    log.warning("no heartbeat for job %s: the database is busy", job_id)

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
