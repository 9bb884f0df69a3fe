"""Backup and restore while Dialog runs, the same file for SQLite and PostgreSQL.

A backup is read in one transaction, so that all of it is from the same moment. What the file holds is not
secret from whoever may read it: it has every card, and the hashes of passwords and tokens.

A restore replaces the rows of every table in one transaction: who reads meanwhile sees the old state or the
new one, never a mixture. Before anything changes, under the same lock, what was there is put aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ..db import db
from .archive import BackupError, Made, check, revision_of, write
from .restore import restore

__all__ = ["BackupError", "Made", "back_up", "check", "restore", "revision_of"]


def back_up(target: Path) -> Made:
    """Write a backup to *target*, which must not exist. Nobody has to wait for it.

    The file appears under its name only when it is whole.
    """
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name, or move it away.")
    with _snapshot() as connection:
        return write(connection, target)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A connection to which the database stands still."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection, connection.begin():
            yield connection
        return
    still = engine.execution_options(isolation_level="REPEATABLE READ")
    with still.connect() as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection
