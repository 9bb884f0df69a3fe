"""The file: a zip with one file of JSON lines for every table, a manifest, and a seal over all of it.

The seal is the SHA-256 of everything before it, and stands where a zip keeps its comment: any tool can open
the file, and a single changed bit is noticed before anything is believed.
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
STEP = 1000
#: Characters of the seal.
SEAL = 64


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


def write(connection: Connection, target: Path) -> Made:
    """Write all rows that *connection* sees. The file gets its name only when it is whole."""
    made_at, revision = utcnow(), revision_of(connection)
    if not revision:
        raise BackupError("The database has no tables yet. Run: dialog migrate")
    part = target.with_name(target.name + ".part")
    rows: dict[str, int] = {}
    try:
        # Readable by its owner alone, from the first byte.
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb+") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for table in tables():
                    rows[table.name] = _write_table(connection, archive, table)
                about = {"format": FORMAT, "made_at": made_at.isoformat(), "revision": revision}
                archive.writestr(MANIFEST, json.dumps({**about, "rows": rows}, indent=1))
                archive.comment = b"0" * SEAL
            seal = _digest(file)
            file.seek(-SEAL, os.SEEK_END)
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return Made(rows, made_at, revision)


def _digest(file: BinaryIO) -> bytes:
    """The SHA-256 of everything but the seal, as the seal writes it."""
    left = file.seek(0, os.SEEK_END) - SEAL
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
        for row in connection.execute(query.execution_options(yield_per=STEP)):
            values = {column.name: plain(value) for column, value in zip(columns, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def check(source: Path) -> Made:
    """What the file holds; raises ``BackupError`` when it is not, to the last bit, as it was written."""
    try:
        with source.open("rb") as file:
            seal = _digest(file)
            whole = file.read() == seal
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror}.") from None
    if not whole:
        raise BackupError(f"{source} is damaged, or no backup of Dialog. Nothing was changed.")
    with zipfile.ZipFile(source) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT or set(manifest["rows"]) != {table.name for table in tables()}:
        raise BackupError(f"{source} was made by another version of Dialog.")
    return Made(manifest["rows"], datetime.fromisoformat(manifest["made_at"]), manifest["revision"])


def plain(value: Any) -> Any:
    """*value* as JSON can carry it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def read_table(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of *table*, one after the other, with the values that the database takes."""
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
