"""Back up and restore while Dialog runs. The same file fits SQLite and PostgreSQL.

A backup is read in one transaction, so all of it is from the same moment. The file is not encrypted: it holds
every card, and the hashes of passwords and tokens.

A restore replaces the rows of every table in one transaction, so readers see the old state or the new one,
never a mixture. Under the same lock, the old state is first written to a backup of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ..db import db
from .archive import BackupError, BackupSummary, revision_of, verify, write_archive
from .restore_actions import restore

__all__ = ["BackupError", "BackupSummary", "create_backup", "restore", "revision_of", "verify"]


def create_backup(target: Path) -> BackupSummary:
    """Write a backup to *target*, which must not exist, without blocking writers.

    The file appears under its name only when it is complete.
    """
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name, or move it away.")
    with _snapshot() as connection:
        return write_archive(connection, target)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Open a connection that sees one state of the database throughout."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection, connection.begin():
            yield connection
        return
    repeatable = engine.execution_options(isolation_level="REPEATABLE READ")
    with repeatable.connect() as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection
