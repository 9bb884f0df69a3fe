"""Restore a backup: replace every row of every table in one transaction."""

from __future__ import annotations

import json
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.engine import Connection

from ..audit.actions import record
from ..db import write
from ..errors import Unavailable
from ..meetings.models import Installation
from ..people.models import User
from .archive import (
    BATCH_SIZE,
    BackupError,
    BackupSummary,
    read_table,
    revision_of,
    tables,
    to_json,
    verify,
    write_archive,
)

#: Attempts of a restore when concurrent writers cause deadlocks.
TRIES = 5


def restore(source: Path, previous: Path) -> BackupSummary:
    """Restore the backup *source*, and write the present state to the backup *previous* first.

    Devices notice the new epoch and fetch a fresh snapshot; staff have to sign in again. Raises
    ``BackupError``, and changes nothing, when the file is damaged or of another version.
    """
    summary = verify(source)
    tries = TRIES
    while True:
        try:
            _replace_everything(source, summary, previous)
        except Unavailable:
            # PostgreSQL aborts one of two transactions that wait for each other.
            tries -= 1
            if not tries:
                raise
        else:
            return summary


def _replace_everything(source: Path, summary: BackupSummary, previous: Path) -> None:
    with zipfile.ZipFile(source) as archive, write() as session:
        connection = session.connection()
        _block_writers(connection)
        if revision_of(connection) != summary.revision:
            raise BackupError(
                f"The backup is of database version {summary.revision}, this database has "
                f"{revision_of(connection) or 'none'}. Restore it with the Dialog that made it, then upgrade."
            )
        previous.parent.mkdir(parents=True, exist_ok=True)
        write_archive(connection, previous)
        highest = connection.scalar(select(func.max(User.session_number))) or 0
        _replace_rows(connection, archive)
        _merge_audit_log(connection, archive)
        _advance_sequences(connection)
        # A session that ended after the backup must not become valid again, so all users sign in anew.
        connection.execute(update(User).values(session_number=User.session_number + highest))
        installation = session.get(Installation, 1, populate_existing=True)
        if installation is None:
            installation = Installation(id=1)
            session.add(installation)
        installation.epoch = secrets.token_hex(16)
        record(session, None, "backup.restore", installation, made_at=summary.made_at.isoformat())


def _block_writers(connection: Connection) -> None:
    """Block all other writers until the commit. SQLite has held its lock since the transaction began.

    On PostgreSQL this mode blocks inserts, updates and deletes, but not the row locks of foreign keys. A
    stronger mode would make the restore and a card that is being saved wait for each other.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables())
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _replace_rows(connection: Connection, archive: zipfile.ZipFile) -> None:
    """Delete all rows and insert those of the backup; set forward references at the end."""
    replaced = tables()[:-1]
    for table in reversed(replaced):
        for column in _forward_references(table):
            connection.execute(update(table).values({column.name: None}))
    for table in reversed(replaced):
        connection.execute(delete(table))
    for table in replaced:
        ahead = [column.name for column in _forward_references(table)]
        for rows in _batches(read_table(archive, table)):
            connection.execute(insert(table), [{**row, **dict.fromkeys(ahead)} for row in rows])
    for table in replaced:
        for column in _forward_references(table):
            _set_forward_reference(connection, table, column, archive)


def _set_forward_reference(
    connection: Connection, table: Table, column: Column[Any], archive: zipfile.ZipFile
) -> None:
    statement = (
        update(table).where(table.c.id == bindparam("row_id")).values({column.name: bindparam("target")})
    )
    rows_with_reference = (row for row in read_table(archive, table) if row[column.name] is not None)
    for rows in _batches(rows_with_reference):
        connection.execute(statement, [{"row_id": row["id"], "target": row[column.name]} for row in rows])


def _forward_references(table: Table) -> list[Column[Any]]:
    """Return the columns that refer to their own table or to a later one."""
    order = {each.name: place for place, each in enumerate(tables())}
    return [
        column
        for column in table.columns
        if any(order[key.column.table.name] >= order[table.name] for key in column.foreign_keys)
    ]


def _merge_audit_log(connection: Connection, archive: zipfile.ZipFile) -> None:
    """Add the entries of the backup that are missing here; the audit log never loses an entry."""
    table = tables()[-1]
    existing: set[str] = set()
    ids: set[int] = set()
    for present in connection.execute(select(table)).mappings():
        existing.add(_content(dict(present)))
        ids.add(present["id"])
    highest = max(ids, default=0)
    missing = []
    for row in read_table(archive, table):
        if _content(row) in existing:
            continue
        highest = max(highest, row["id"])
        if row["id"] in ids:
            highest += 1  # nothing refers to an entry, so a new id does no harm
            row["id"] = highest
        ids.add(row["id"])
        missing.append(row)
    for rows in _batches(iter(missing)):
        connection.execute(insert(table), rows)


def _content(entry: dict[str, Any]) -> str:
    return json.dumps({name: to_json(value) for name, value in entry.items() if name != "id"}, sort_keys=True)


def _advance_sequences(connection: Connection) -> None:
    """Set the sequences of PostgreSQL so that new rows get ids after the highest restored one."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        found = (
            connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{table.name}"'})
            if "id" in table.columns
            else None
        )
        if found:
            highest = connection.scalar(select(func.max(table.c.id))) or 0
            connection.execute(
                text("SELECT setval(:sequence, :highest, :used)"),
                {"sequence": found, "highest": max(highest, 1), "used": highest > 0},
            )


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch
