"""The database: typed base, time, and the one way to write.

SQLite and green threads: a green thread that yields between BEGIN IMMEDIATE and COMMIT while another one asks
for the same lock blocks the whole process, so one lock per process is held from before BEGIN to after COMMIT.
Waiting for *another* process (worker, command line) is done here, by sleeping cooperatively, and never inside
SQLite, whose own waiting would stop every socket of this process.
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

#: Seconds to wait for another process's write before giving up.
BUSY_SECONDS = 5.0
#: Seconds to wait on PostgreSQL for one of this process's connections to be free: a hall that joins at once
#: queues here, and a database that is away is noticed sooner, by its refusing.
TURN_SECONDS = 20.0
#: Largest id or number taken from outside: what a 64-bit column holds.
INTEGER_MAX = 2**63 - 1
#: What a database that is away, full, locked or out of connections is told by.
AWAY = (OperationalError, InterfaceError, PoolTimeout)
#: Execution option that turns BEGIN into BEGIN IMMEDIATE on SQLite.
WRITE = "dialog_write"
#: Delivers a meeting's committed changes to everybody who looks at it. It must not wait.
deliver: Port[[int], None] = Port("db.deliver")

naming = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All models inherit from this typed base, name their table, and are read with ``select()``."""

    metadata = MetaData(naming_convention=naming)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant in UTC; refuses naive times so that a local time can never slip in."""

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
    """Now, in UTC."""
    return datetime.now(UTC)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with our base; the session lives as long as the request, event or command."""

    session: scoped_session[Session]  # type: ignore[assignment]  # our own typed sessions


db = Database(
    model_class=Base,
    # Values stay readable after a commit: what was just saved is what is sent out.
    session_options={"expire_on_commit": False},
)
_write_lock: threading.Lock | None = None


def init_app(app: Flask) -> None:
    """Bind the database to *app* and set up SQLite's connections."""
    global _write_lock
    if _write_lock is None:
        # Made here and not at import: the live process patches threading before it calls create_app.
        _write_lock = threading.Lock()
    sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    # What was written on a card must not get into a log with the statement that failed.
    # No overflow: such connections close when they come back, and a wave would open them again and again.
    common = {"hide_parameters": True, "max_overflow": 0}
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS",
        {**common, "pool_timeout": BUSY_SECONDS, "pool_size": 40, "connect_args": {"timeout": BUSY_SECONDS}}
        if sqlite
        else {**common, "pool_timeout": TURN_SECONDS, "pool_size": 20, "pool_pre_ping": True},
    )
    db.init_app(app)
    if sqlite:
        with app.app_context():
            _prepare_sqlite(db.engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see begin() below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # From here on never wait inside SQLite: it would stop every green thread.
        cursor.execute("PRAGMA busy_timeout=0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def write() -> Iterator[Session]:
    """One transaction that changes things: commits at the end, rolls back on any exception.

    What was read before is read afresh inside, so a permission checked here is checked on what is true now.
    After the commit, the meetings given to ``deliver_after_commit`` are delivered: no action can forget it.
    Raises ``Unavailable`` when the database cannot be written; then nothing was changed.
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
        session.expire_all()  # also what an earlier write left readable in this very request
        _begin(session)
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except AWAY as error:
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
    """Have the meeting delivered when the running ``write()`` has committed; a rollback delivers nothing."""
    session.info.setdefault("changed_meetings", set()).add(meeting_id)


def _begin(session: Session) -> None:
    """Begin for writing, sleeping cooperatively while another process holds SQLite's lock."""
    deadline = time.monotonic() + BUSY_SECONDS
    pause = 0.002
    while True:
        try:
            session.connection(execution_options={WRITE: True})
            return
        except AWAY as error:
            session.rollback()
            busy = isinstance(error, OperationalError) and any(
                word in str(error.orig) for word in ("locked", "busy")
            )
            if not busy or time.monotonic() > deadline:
                raise Unavailable from error
            time.sleep(pause)  # patched by eventlet and gevent: other sockets go on meanwhile
            pause = min(pause * 1.5, 0.1)


def answers() -> bool:
    """Does the database answer? For ``/readyz``."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        db.session.rollback()
        return False
    return True
