"""Alembic's entry: runs inside the application, so that it talks to the same database in the same way."""

from __future__ import annotations

from alembic import context
from flask import current_app

from dialog.db import Base, db


def run_migrations() -> None:
    """Run the migrations over the application's own engine."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
