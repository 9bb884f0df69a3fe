"""Asking for heavy work, and doing it.

The ``Job`` row is the truth: the queue only wakes the worker, and may forget. Work is asked for by a key that
says what it is, so asking twice is one job. Doing it twice must do no harm: a worker that is killed leaves
its job to the next one.
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

#: Told how many steps of how many are done.
Progress = Callable[[int, int], None]
#: Does the work described by the arguments; commits what it makes through ``write()``.
Handler = Callable[[dict[str, Any], Progress], None]

#: A job is given up after so many tries.
MAX_ATTEMPTS = 3
#: A running job says that it lives so often; after so long in silence another worker takes it.
HEARTBEAT_SECONDS = 5.0
STALE_AFTER = timedelta(seconds=30)
#: A queued job that the queue may have forgotten is sent again after this long.
FORGOTTEN_AFTER = timedelta(seconds=10)
#: Progress is written down no more often than this.
_PROGRESS_SECONDS = 0.5

_handlers: dict[str, Handler] = {}
#: What this process is at: the job and its attempt.
_under_way: dict[int, int] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of *kind*."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def ask_in(session: Session, key: str, kind: str, arguments: dict[str, Any]) -> Job:
    """Ask for work inside a transaction; call ``wake`` after it has committed.

    The same key gives the same job while it waits or runs; one that has ended is queued anew.
    """
    # Another process may ask for the same at this very moment: the second one finds the first one's row.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Job).values(key=key, kind=kind, arguments=arguments).on_conflict_do_nothing())
    job = session.scalars(select(Job).where(Job.key == key).with_for_update()).one()
    if job.state in ("done", "failed"):
        job.state, job.progress, job.attempts, job.error = "queued", 0, 0, ""
        job.finished_at = None
    return job


def ask(key: str, kind: str, arguments: dict[str, Any]) -> Job:
    """Ask for work in a transaction of its own."""
    with write() as session:
        job = ask_in(session, key, kind, arguments)
    wake(job)
    return job


def find(key: str) -> Job | None:
    """The job asked for under *key*, as it is now."""
    return db.session.scalar(select(Job).where(Job.key == key).execution_options(populate_existing=True))


def wake(*jobs: Job) -> None:
    """Tell the worker. When the queue does not answer, the worker finds the rows by itself a little later."""
    for job in jobs:
        if job.state == "queued" and not queue.send(job.id):
            return  # nor would it take the next one, and each try may have to wait


def run(job_id: int) -> bool:
    """Do a job, unless it is done or somebody else is at it. Returns whether it was done here."""
    claimed = _claim(job_id)
    if claimed is None:
        return False
    kind, arguments, attempt = claimed
    handler = _handlers.get(kind)
    _under_way[job_id] = attempt
    try:
        if handler is None:
            raise LookupError(f"nobody does jobs of kind {kind}")
        with _alive(job_id, attempt):
            handler(arguments, _reporter(job_id, attempt))
    except Exception as error:
        # Where, but not the error's own message: it may quote what a resident wrote.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "job %s (%s) failed in attempt %s: %s at %s:%s",
            *(job_id, kind, attempt, type(error).__name__, where.filename, where.lineno),
        )
        _finish(job_id, attempt, "queued" if attempt < MAX_ATTEMPTS else "failed", type(error).__name__)
        return False
    else:
        _finish(job_id, attempt, "done", "")
        return True
    finally:
        _under_way.pop(job_id, None)


queue.done_by(run)


def hand_back() -> list[int]:
    """This process stops: what it has under way is queued anew, so that the next one need not wait for it.

    Returns the jobs' numbers. Whatever the work still does before the process ends, it no longer counts.
    """
    handed = list(_under_way.items())
    for job_id, attempt in handed:
        _finish(job_id, attempt, "queued", "")
    return [job_id for job_id, _attempt in handed]


def take_lost(now: datetime | None = None) -> list[int]:
    """Jobs that the queue has lost: queued for a while, or running under a worker that went silent.

    They are marked as just seen, so that the next look does not send them once more.
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


def _claim(job_id: int) -> tuple[str, dict[str, Any], int] | None:
    with write() as session:
        # Locked: on PostgreSQL two workers that were told of it at once would both take it.
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


def _finish(job_id: int, attempt: int, state: str, error: str) -> None:
    """Close this attempt; a later one that has taken over is left alone."""
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


def _beat(job_id: int, attempt: int, progress: int | None = None) -> None:
    with write() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id, Job.attempts == attempt, Job.state == "running")
            .values(heartbeat_at=utcnow(), **({} if progress is None else {"progress": progress}))
        )


def _reporter(job_id: int, attempt: int) -> Progress:
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _PROGRESS_SECONDS:
            last = time.monotonic()
            # 100 is for a job that is done and whose work is saved.
            _beat(job_id, attempt, min(99, 100 * done // total) if total else 0)

    return report


@contextmanager
def _alive(job_id: int, attempt: int) -> Iterator[None]:
    """A heartbeat beside the work, which may be silent for long inside a library."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(HEARTBEAT_SECONDS):
            with app.app_context():
                try:
                    _beat(job_id, attempt)
                except Unavailable:
                    log.warning("no heartbeat for job %s: the database is busy", job_id)

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
