"""Migrations give the schema of the models on both databases, also after a downgrade."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, inspect, text

from dialog import create_app
from dialog.db import Base, db
from dialog.example.actions import load_example
from tests.conftest import settings_for
from tests.services import Postgres

MakeEmpty = Callable[[], Flask]


@pytest.fixture(params=["sqlite", "postgresql"])
def make_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEmpty]:
    """Return a function that makes applications on empty databases."""
    made: list[Flask] = []

    def make() -> Flask:
        url = ""
        if request.param == "postgresql":
            postgres: Postgres = request.getfixturevalue("postgres")
            url = postgres.url(postgres.new_database())
        folder = tmp_path / f"empty{len(made)}"
        folder.mkdir()
        made.append(create_app(settings_for(folder, database_url=url)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def _condition(sql: str) -> str:
    """Return a check's condition without the brackets and casts that databases add."""
    return re.sub(r"::[a-z ]+(\[\])?|[()\s]", "", sql).lower()


def schema(connection: Connection) -> dict[str, Any]:
    """Return everything the database knows of our tables, in a fixed order."""
    found = inspect(connection)
    tables = {}
    for name in sorted(set(found.get_table_names()) - {"alembic_version"}):
        tables[name] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in sorted(found.get_columns(name), key=lambda column: column["name"])
            ],
            "key": (
                found.get_pk_constraint(name)["name"],
                found.get_pk_constraint(name)["constrained_columns"],
            ),
            "foreign": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in found.get_foreign_keys(name)
            ),
            "unique": sorted(
                (key["name"], key["column_names"]) for key in found.get_unique_constraints(name)
            ),
            "checks": sorted(
                (check["name"], _condition(check["sqltext"])) for check in found.get_check_constraints(name)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], bool(index["unique"]))
                for index in found.get_indexes(name)
            ),
        }
    return tables


def test_migrated_schema_equals_the_models(make_empty: MakeEmpty) -> None:
    migrated, made = make_empty(), make_empty()
    with migrated.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
            by_migration = schema(connection)
    with made.app_context():
        Base.metadata.create_all(db.engine)
        with db.engine.connect() as connection:
            by_models = schema(connection)
    assert by_migration == by_models
    assert set(by_migration) == set(Base.metadata.tables)


def test_downgrade_removes_and_upgrade_restores_everything(make_empty: MakeEmpty) -> None:
    app = make_empty()
    with app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            first = schema(connection), guards(connection)
        db.session.remove()
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            assert schema(connection) == {}
            assert guards(connection) == []
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            assert (schema(connection), guards(connection)) == first
        assert first[1], "the audit log is guarded by the database itself"


def guards(connection: Connection) -> list[str]:
    """Return the names of the triggers."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return sorted(connection.scalars(text(query)))


def test_every_table_has_named_constraints(make_empty: MakeEmpty) -> None:
    """A later migration can change only constraints with a name."""
    app = make_empty()
    with app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            for name, table in schema(connection).items():
                for part in ("foreign", "unique", "checks"):
                    assert all(row[0] for row in table[part]), (name, part)


def test_revisions_form_one_line(make_empty: MakeEmpty) -> None:
    app = make_empty()
    with app.app_context():
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", "migrations")
        assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_upgrade_keeps_existing_rows(make_empty: MakeEmpty) -> None:
    """SQLite changes a table by creating it anew; rows that refer to it must survive."""
    app = make_empty()
    with app.app_context():
        flask_migrate.upgrade()
        load_example()
        tables = ("meeting", "stage", "meeting_table", "card", "card_area", "report", "audit_entry")
        with db.engine.connect() as connection:
            before = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables}
            texts = connection.scalars(text("SELECT text FROM card ORDER BY id")).all()
        db.session.remove()
        flask_migrate.downgrade(revision="0001")
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            after = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables}
            assert after == before
            assert connection.scalars(text("SELECT text FROM card ORDER BY id")).all() == texts
        assert texts
        assert before["stage"]
