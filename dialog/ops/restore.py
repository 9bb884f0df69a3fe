"""Putting back: every row of every table in one transaction."""

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
from .archive import STEP, BackupError, Made, check, plain, read_table, revision_of, tables
from .archive import write as write_archive

#: How often a restore is begun anew when those who write stand in its way.
TRIES = 5


def restore(source: Path, aside: Path) -> Made:
    """Put back what *source* holds; what was there until now is kept as the backup *aside*.

    Devices notice the new epoch and take a fresh snapshot; staff have to sign in again.
    Raises ``BackupError``, and changes nothing, when the file is damaged or of another version.
    """
    made = check(source)
    tries = TRIES
    while True:
        try:
            _put_back(source, made, aside)
        except Unavailable:
            # Somebody was writing: PostgreSQL undoes one of two that wait for each other.
            tries -= 1
            if not tries:
                raise
        else:
            return made


def _put_back(source: Path, made: Made, aside: Path) -> None:
    with zipfile.ZipFile(source) as archive, write() as session:
        connection = session.connection()
        _lock_out_writers(connection)
        if revision_of(connection) != made.revision:
            raise BackupError(
                f"The backup is of database version {made.revision}, this database has "
                f"{revision_of(connection) or 'none'}. Restore it with the Dialog that made it, then upgrade."
            )
        aside.parent.mkdir(parents=True, exist_ok=True)
        write_archive(connection, aside)
        highest = connection.scalar(select(func.max(User.session_number))) or 0
        _replace(connection, archive)
        _keep_log(connection, archive)
        _count_on(connection)
        # A session that was ended after the backup was made must not come alive again: all sign in anew.
        connection.execute(update(User).values(session_number=User.session_number + highest))
        installation = session.get(Installation, 1, populate_existing=True)
        if installation is None:
            installation = Installation(id=1)
            session.add(installation)
        installation.epoch = secrets.token_hex(16)
        record(session, None, "backup.restore", installation, made_at=made.made_at.isoformat())


def _lock_out_writers(connection: Connection) -> None:
    """From here to the commit nobody else writes. SQLite holds its lock since the transaction began.

    PostgreSQL: this mode stops inserts, updates and deletes, but not the looks that a foreign key takes; with
    a stronger one a card that is just being saved and the restore would wait for each other.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables())
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _replace(connection: Connection, archive: zipfile.ZipFile) -> None:
    """All rows out, all rows in. References that point ahead are filled in when everything is there."""
    replaced = tables()[:-1]
    for table in reversed(replaced):
        for column in _pointing_ahead(table):
            connection.execute(update(table).values({column.name: None}))
    for table in reversed(replaced):
        connection.execute(delete(table))
    for table in replaced:
        ahead = [column.name for column in _pointing_ahead(table)]
        for rows in _steps(read_table(archive, table)):
            connection.execute(insert(table), [{**row, **dict.fromkeys(ahead)} for row in rows])
    for table in replaced:
        for column in _pointing_ahead(table):
            _point(connection, table, column, archive)


def _point(connection: Connection, table: Table, column: Column[Any], archive: zipfile.ZipFile) -> None:
    statement = (
        update(table).where(table.c.id == bindparam("row_id")).values({column.name: bindparam("target")})
    )
    pointing = (row for row in read_table(archive, table) if row[column.name] is not None)
    for rows in _steps(pointing):
        connection.execute(statement, [{"row_id": row["id"], "target": row[column.name]} for row in rows])


def _pointing_ahead(table: Table) -> list[Column[Any]]:
    """Columns that refer to their own table, or to one that comes later."""
    order = {each.name: place for place, each in enumerate(tables())}
    return [
        column
        for column in table.columns
        if any(order[key.column.table.name] >= order[table.name] for key in column.foreign_keys)
    ]


def _keep_log(connection: Connection, archive: zipfile.ZipFile) -> None:
    """The audit log only grows: entries of the backup that are not here are added, none is taken away."""
    table = tables()[-1]
    there: set[str] = set()
    numbers: set[int] = set()
    for present in connection.execute(select(table)).mappings():
        there.add(_content(dict(present)))
        numbers.add(present["id"])
    highest = max(numbers, default=0)
    missing = []
    for row in read_table(archive, table):
        if _content(row) in there:
            continue
        highest = max(highest, row["id"])
        if row["id"] in numbers:
            highest += 1  # nothing refers to an entry, so a new number does no harm
            row["id"] = highest
        numbers.add(row["id"])
        missing.append(row)
    for rows in _steps(iter(missing)):
        connection.execute(insert(table), rows)


def _content(entry: dict[str, Any]) -> str:
    return json.dumps({name: plain(value) for name, value in entry.items() if name != "id"}, sort_keys=True)


def _count_on(connection: Connection) -> None:
    """New rows get numbers after the highest that came back."""
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


def _steps(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    step: list[dict[str, Any]] = []
    for row in rows:
        step.append(row)
        if len(step) == STEP:
            yield step
            step = []
    if step:
        yield step
