"""``dialog check``: check settings, database and worker, and say what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from .. import live
from ..cards.models import Card
from ..db import db, utcnow
from ..meetings.models import Installation, Meeting
from ..web.settings import settings_of
from ..work.models import Job
from .backup import revision_of

#: A job that is queued for this long indicates that no worker runs.
WAITED_TOO_LONG = timedelta(minutes=2)

#: Whether a check passed, and a sentence about it.
Finding = tuple[bool, str]


def findings() -> Iterator[Finding]:
    """Yield the result of each check. Later ones need the right revision of the database."""
    yield from _settings()
    try:
        with db.engine.connect() as connection:
            yield True, f"The database answers ({db.engine.dialect.name})."
            for check in CHECKS:
                failed = False
                for good, sentence in check(connection):
                    failed = failed or not good
                    yield good, sentence
                if failed and check is _revision:
                    return
    except Exception as error:
        yield False, f"The database does not answer as it should: {type(error).__name__}."


def _settings() -> Iterator[Finding]:
    settings = settings_of()
    yield True, f"The settings are good ({settings.environment})."
    if settings.environment == "production" and not settings.public_url.startswith("https://"):
        yield (
            False,
            "PUBLIC_URL is not an https address: cookies travel unprotected and QR codes may point wrong.",
        )
    if not settings.limits:
        yield False, "DIALOG_LIMITS is off: only for load tests."
    if settings.redis_url:
        answers = live.ping_redis()
        yield answers, "Redis answers." if answers else "Redis does not answer at REDIS_URL."


def _revision(connection: Connection) -> Iterator[Finding]:
    migrate: Any = current_app.extensions["migrate"].migrate
    newest = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    revision = revision_of(connection)
    good = revision == newest
    yield (
        good,
        f"The database has version {revision or 'none'}"
        + (", the newest." if good else f"; this Dialog needs {newest}. Run: dialog migrate"),
    )


def _integrity(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        results = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        yield (
            list(results) == ["ok"],
            "SQLite finds the file whole."
            if list(results) == ["ok"]
            else (f"SQLite finds the file damaged: {results[0]}. Restore the latest backup."),
        )
        dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
        yield (
            not dangling,
            "No row points at one that is gone."
            if not dangling
            else (f"{len(dangling)} rows point at rows that are gone."),
        )
    epoch = connection.scalar(select(Installation.epoch))
    if not epoch:
        yield False, "The installation has no epoch: devices would not notice a restore."
    ahead = connection.scalar(
        select(func.count())
        .select_from(Meeting)
        .where(
            select(func.max(Card.seq)).where(Card.meeting_id == Meeting.id).scalar_subquery() > Meeting.seq
        )
    )
    yield (
        not ahead,
        "The numbers of all cards fit their meetings."
        if not ahead
        else (f"In {ahead} meetings a card has a number that the meeting has not reached."),
    )


def _worker(connection: Connection) -> Iterator[Finding]:
    before = utcnow() - WAITED_TOO_LONG
    waiting = connection.scalar(
        select(func.count()).select_from(Job).where(Job.state == "queued", Job.created_at < before)
    )
    yield (
        not waiting,
        "No job is waiting for a worker."
        if not waiting
        else (f"{waiting} jobs have waited for more than two minutes: does «dialog worker» run?"),
    )
    failed = connection.scalar(select(func.count()).select_from(Job).where(Job.state == "failed"))
    if failed:
        yield True, f"{failed} jobs have failed; they can be asked for again on the report's page."


CHECKS: tuple[Callable[[Connection], Iterator[Finding]], ...] = (_revision, _integrity, _worker)
