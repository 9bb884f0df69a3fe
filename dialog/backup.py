"""Backup and restore while Dialog runs, the same file for SQLite and PostgreSQL.

A backup is a zip: one file of JSON lines for every table, read in one transaction so that all of it is from
the same moment, and ``manifest.json`` with the checksum of each. What a file holds is not secret from whoever
may read it: it has every card, and the hashes of passwords and tokens.

A restore replaces the rows of every table in one transaction: who reads meanwhile sees the old state or the
new one, never a mixture. Before anything changes, under the same lock, what was there is put aside.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import struct
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Column, Date, LargeBinary, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.sqltypes import TypeEngine

from .audit.actions import record
from .audit.models import AuditEntry
from .db import Base, UTCDateTime, db, utcnow, write
from .meetings.models import Installation
from .people.models import User

FORMAT = "dialog-backup-1"
MANIFEST = "manifest.json"
#: What reading a damaged zip file may raise; any byte of it can be wrong.
DAMAGE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
#: Rows read or written at a time.
STEP = 1000


class BackupError(Exception):
    """The backup cannot be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """What a backup holds: rows by table, when it was made, and for which version of the database."""

    rows: dict[str, int]
    made_at: datetime
    revision: str


def tables() -> list[Table]:
    """Every table of Dialog, those that others refer to first. The audit log comes last."""
    ordered = [table for table in Base.metadata.sorted_tables if table is not AuditEntry.__table__]
    return [*ordered, Base.metadata.tables[AuditEntry.__tablename__]]


def revision_of(connection: Connection) -> str:
    """The revision of the database; empty when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def back_up(target: Path) -> Made:
    """Write a backup to *target*, which must not exist. Nobody has to wait for it.

    The file appears under its name only when it is whole.
    """
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name, or move it away.")
    with _snapshot() as connection:
        return _write(connection, target)


def restore(source: Path, aside: Path) -> Made:
    """Put back what *source* holds; what was there until now is kept as the backup *aside*.

    Devices notice the new epoch and take a fresh snapshot; staff have to sign in again.
    Raises ``BackupError``, and changes nothing, when the file is damaged or of another version.
    """
    made = check(source)
    with zipfile.ZipFile(source) as archive, write() as session:
        connection = session.connection()
        _lock_out_writers(connection)
        if revision_of(connection) != made.revision:
            raise BackupError(
                f"The backup is of database version {made.revision}, this database has "
                f"{revision_of(connection) or 'none'}. Restore it with the Dialog that made it, then upgrade."
            )
        aside.parent.mkdir(parents=True, exist_ok=True)
        _write(connection, aside)
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
    return made


def check(source: Path) -> Made:
    """Read the whole file and compare it with its checksums; raises ``BackupError`` when it is damaged."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupError(f"{source} is not a backup of Dialog.")
            given = manifest["tables"]
            if set(given) != {table.name for table in tables()}:
                raise BackupError(f"{source} does not hold the tables of this version of Dialog.")
            for name, facts in given.items():
                digest = hashlib.sha256()
                lines = 0
                with archive.open(f"{name}.jsonl") as file:
                    for line in file:
                        digest.update(line)
                        lines += 1
                if digest.hexdigest() != facts["sha256"] or lines != facts["rows"]:
                    raise BackupError(f"{source} is damaged: {name} is not as it was written.")
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except DAMAGE as error:
        raise BackupError(f"{source} is damaged or no backup of Dialog ({type(error).__name__}).") from None
    return Made(
        {name: facts["rows"] for name, facts in given.items()},
        datetime.fromisoformat(manifest["made_at"]),
        manifest["revision"],
    )


# --- writing


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


def _write(connection: Connection, target: Path) -> Made:
    made_at, revision = utcnow(), revision_of(connection)
    if not revision:
        raise BackupError("The database has no tables yet. Run: dialog migrate")
    part = target.with_name(target.name + ".part")
    facts: dict[str, Any] = {}
    # Readable by its owner alone, from the first byte.
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in tables():
                facts[table.name] = _write_table(connection, archive, table)
            manifest = {
                "format": FORMAT,
                "made_at": made_at.isoformat(),
                "revision": revision,
                "tables": facts,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    return Made({name: each["rows"] for name, each in facts.items()}, made_at, revision)


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    columns = list(table.columns)
    query = select(table).order_by(*table.primary_key.columns)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in connection.execute(query.execution_options(yield_per=STEP)):
            values = {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            file.write(line)
            digest.update(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


# --- reading


def _read_table(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    kinds: dict[str, TypeEngine[Any]] = {column.name: column.type for column in table.columns}
    with archive.open(f"{table.name}.jsonl") as file:
        for line in file:
            yield {name: _typed(value, kinds[name]) for name, value in json.loads(line).items()}


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return b64decode(value)
    return value


def _lock_out_writers(connection: Connection) -> None:
    """From here to the commit nobody else writes. SQLite holds its lock since the transaction began."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables())
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


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
        for rows in _steps(_read_table(archive, table)):
            connection.execute(insert(table), [{**row, **dict.fromkeys(ahead)} for row in rows])
    for table in replaced:
        for column in _pointing_ahead(table):
            _point(connection, table, column, archive)


def _point(connection: Connection, table: Table, column: Column[Any], archive: zipfile.ZipFile) -> None:
    statement = (
        update(table).where(table.c.id == bindparam("row_id")).values({column.name: bindparam("target")})
    )
    pointing = (row for row in _read_table(archive, table) if row[column.name] is not None)
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
    for row in _read_table(archive, table):
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
    return json.dumps({name: _plain(value) for name, value in entry.items() if name != "id"}, sort_keys=True)


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
