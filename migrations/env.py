"""Alembic's entry point. It runs inside the application and uses its engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from dialog.db import Base, db


def run_migrations() -> None:
    """Run the migrations on the application's engine."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, transactional_ddl=True, **options
        )
        with _tables_may_be_rebuilt(connection), context.begin_transaction():
            context.run_migrations()
            _check_references(connection)


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """Turn foreign keys off on SQLite, which changes a table by creating it anew and dropping the old one.

    With foreign keys on, the drop would delete rows of other tables. The setting works only outside a
    transaction, so it is made on the driver's connection.
    """
    driver: Any = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if driver is not None:
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if driver is not None:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    """Check the foreign keys that were off meanwhile, before anything is committed."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows that refer to nothing: {broken[:5]}")


run_migrations()
