"""The database: the typed base of the models, times in UTC, and the one way to write.

A green thread that yields between BEGIN IMMEDIATE and COMMIT blocks the whole process as soon as another one
asks SQLite for the same lock. So one lock per process is held from before BEGIN to after COMMIT. This module
waits for *another* process (worker, command line) by sleeping cooperatively, and never inside SQLite, whose
own waiting would stop every socket of this process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.types import TypeDecorator

from .errors import Unavailable
from .ports import Port

#: Seconds to wait for another process's write before ``Unavailable`` is raised.
BUSY_SECONDS = 5.0
#: Seconds to wait on PostgreSQL for a free connection of this process's pool: a full venue that joins at once
#: queues here. A database that is away refuses the connection, and so is noticed sooner.
POOL_SECONDS = 20.0
#: Largest id or number accepted from outside: the largest that a 64-bit column holds.
INTEGER_MAX = 2**63 - 1
#: The errors of a database that is away, full, locked or out of connections.
UNAVAILABLE_ERRORS = (OperationalError, InterfaceError, PoolTimeout)
#: Execution option that turns BEGIN into BEGIN IMMEDIATE on SQLite.
WRITE = "dialog_write"
#: Delivers a meeting's committed changes to everybody who looks at it. It must not wait.
deliver: Port[[int], None] = Port("db.deliver")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The typed base of all models, which name their table and are read with ``select()``."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant in UTC. Naive times are refused, so that a local time is never stored by mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utcnow() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with our base. The session lives as long as the request, event or command."""

    session: scoped_session[Session]  # type: ignore[assignment]  # our own typed sessions


db = Database(
    model_class=Base,
    # Values stay readable after a commit, for the answer is made of what was just saved.
    session_options={"expire_on_commit": False},
)
_write_lock: threading.Lock | None = None


def init_app(app: Flask) -> None:
    """Bind the database to *app* and set up SQLite's connections."""
    global _write_lock
    if _write_lock is None:
        # The lock is made here and not at import: the live process has patched threading by now.
        _write_lock = threading.Lock()
    sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    # Parameters are hidden, so that a card's text does not get into a log with the statement that failed.
    # Overflow connections close when they are returned, so a wave would open them again and again: none here.
    common = {"hide_parameters": True, "max_overflow": 0}
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS",
        {**common, "pool_timeout": BUSY_SECONDS, "pool_size": 40, "connect_args": {"timeout": BUSY_SECONDS}}
        if sqlite
        else {**common, "pool_timeout": POOL_SECONDS, "pool_size": 20, "pool_pre_ping": True},
    )
    db.init_app(app)
    if sqlite:
        with app.app_context():
            _prepare_sqlite(db.engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # begin() below sends BEGIN instead of the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # Never wait inside SQLite from now on, for that would stop every green thread.
        cursor.execute("PRAGMA busy_timeout=0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def write() -> Iterator[Session]:
    """Give a transaction for writing, which commits at the end of the block and rolls back on any exception.

    Rows that were read before are read afresh inside, so that a permission is checked against the present
    state. After the commit, the meetings given to ``deliver_after_commit`` are delivered. Raises
    ``Unavailable`` when the database cannot be written; then nothing was changed.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("write() inside write(): an action calls another action's inner function instead")
    assert _write_lock is not None
    lock = _write_lock if db.engine.dialect.name == "sqlite" else None
    if lock is not None and not lock.acquire(timeout=BUSY_SECONDS):
        raise Unavailable
    try:
        session.rollback()
        session.expire_all()  # rollback alone keeps what an earlier write in this request left readable
        _begin(session)
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except UNAVAILABLE_ERRORS as error:
            session.rollback()
            current_app.logger.error("write refused by the database: %s", type(error).__name__)
            raise Unavailable from error
        except BaseException:
            session.rollback()
            raise
    finally:
        session.info.pop("writing", None)
        changed_meetings: set[int] = session.info.pop("changed_meetings", set())
        if lock is not None:
            lock.release()
    for meeting_id in changed_meetings:
        deliver(meeting_id)


def deliver_after_commit(session: Session, meeting_id: int) -> None:
    """Deliver the meeting as soon as the running ``write()`` has committed. A rollback delivers nothing."""
    session.info.setdefault("changed_meetings", set()).add(meeting_id)


def _begin(session: Session) -> None:
    """Begin for writing, and sleep cooperatively while another process holds SQLite's lock."""
    deadline = time.monotonic() + BUSY_SECONDS
    pause = 0.002
    while True:
        try:
            session.connection(execution_options={WRITE: True})
            return
        except UNAVAILABLE_ERRORS as error:
            session.rollback()
            busy = isinstance(error, OperationalError) and any(
                word in str(error.orig) for word in ("locked", "busy")
            )
            if not busy or time.monotonic() > deadline:
                raise Unavailable from error
            time.sleep(pause)  # eventlet and gevent patch it, so other sockets are served meanwhile
            pause = min(pause * 1.5, 0.1)


def ping() -> bool:
    """Return whether the database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        db.session.rollback()
        return False
    return True
