"""The file format of backups: a zip with a file of JSON lines for every table, a manifest and a seal.

The seal is the SHA-256 of everything before it. It is stored as the zip's comment, so any tool can open the
file, and it is verified before anything in the file is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from alembic.migration import MigrationContext
from sqlalchemy import Date, LargeBinary, Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.sqltypes import TypeEngine

from ..audit.models import AuditEntry
from ..db import Base, UTCDateTime, utcnow

FORMAT = "dialog-backup-1"
MANIFEST = "manifest.json"
#: Rows read or written at a time.
BATCH_SIZE = 1000
#: Characters of the seal.
SEAL_LENGTH = 64


class BackupError(Exception):
    """A backup that cannot be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class BackupSummary:
    """The content of a backup: rows by table, when it was made, and the revision of the database."""

    rows: dict[str, int]
    made_at: datetime
    revision: str


def tables() -> list[Table]:
    """Return every table, those that others refer to first and the audit log last."""
    ordered = [table for table in Base.metadata.sorted_tables if table is not AuditEntry.__table__]
    return [*ordered, Base.metadata.tables[AuditEntry.__tablename__]]


def revision_of(connection: Connection) -> str:
    """Return the revision of the database; empty when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def write_archive(connection: Connection, target: Path) -> BackupSummary:
    """Write all rows that *connection* sees. The file gets its name only when it is complete."""
    made_at, revision = utcnow(), revision_of(connection)
    if not revision:
        raise BackupError("The database has no tables yet. Run: dialog migrate")
    part = target.with_name(target.name + ".part")
    rows: dict[str, int] = {}
    try:
        # The file is readable by its owner only, from the first byte.
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb+") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for table in tables():
                    rows[table.name] = _write_table(connection, archive, table)
                about = {"format": FORMAT, "made_at": made_at.isoformat(), "revision": revision}
                archive.writestr(MANIFEST, json.dumps({**about, "rows": rows}, indent=1))
                archive.comment = b"0" * SEAL_LENGTH
            seal = _digest(file)
            file.seek(-SEAL_LENGTH, os.SEEK_END)
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return BackupSummary(rows, made_at, revision)


def _digest(file: BinaryIO) -> bytes:
    """Return the SHA-256 of everything but the seal, as the seal holds it."""
    left = file.seek(0, os.SEEK_END) - SEAL_LENGTH
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        block = file.read(min(left, 1 << 20))
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    columns = list(table.columns)
    query = select(table).order_by(*table.primary_key.columns)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in connection.execute(query.execution_options(yield_per=BATCH_SIZE)):
            values = {column.name: to_json(value) for column, value in zip(columns, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def verify(source: Path) -> BackupSummary:
    """Return the summary of a backup; raise ``BackupError`` when a single bit of the file has changed."""
    try:
        with source.open("rb") as file:
            seal = _digest(file)
            intact = file.read() == seal
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror}.") from None
    if not intact:
        raise BackupError(f"{source} is damaged, or no backup of Dialog. Nothing was changed.")
    with zipfile.ZipFile(source) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT or set(manifest["rows"]) != {table.name for table in tables()}:
        raise BackupError(f"{source} was made by another version of Dialog.")
    return BackupSummary(manifest["rows"], datetime.fromisoformat(manifest["made_at"]), manifest["revision"])


def to_json(value: Any) -> Any:
    """Return *value* as a type that JSON has."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def read_table(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of *table* with the types that the database expects."""
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
