"""``write()`` loses nothing among green threads and undoes everything on failure; times are in UTC."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from dialog import db as database
from dialog.db import UTCDateTime, db, write
from dialog.errors import Unavailable
from dialog.people.models import Organisation
from tests import factories
from tests.conftest import StartServer
from tests.live.hall import Hall, app_beside, new_uuid
from tests.node_client import NodeClient
from tests.pages import PageClient


def test_hundred_and_twenty_writes_at_once_lose_none(
    start_server: StartServer, node_client: NodeClient
) -> None:
    server = start_server(DIALOG_LIMITS="off")
    hall = Hall(server, node_client, app_beside(server))
    phones = [hall.joins() for _ in range(12)]
    screens = [phone.screen for phone in phones]
    waiting = [
        screen.socket.emit_later("card:add", {"uuid": new_uuid(), "text": f"{place}: {turn}"}, timeout=30)
        for turn in range(5)
        for place, screen in enumerate(screens)
    ]

    def over_http(number: int) -> bool:
        return phones[number % 12].writes(f"http: {number}", way="http").ok

    with ThreadPoolExecutor(12) as crowd:
        done = list(crowd.map(over_http, range(60)))
    acks = [acknowledgement() for acknowledgement in waiting]
    assert all(done)
    assert all(ack["ok"] for ack in acks)
    assert [row.seq for row in hall.rows()] == list(range(1, 121))
    assert server.get("/readyz").status == 200


def test_writes_in_eight_threads_wait_for_each_other(app: Flask) -> None:
    with app.app_context():
        number = factories.an_organisation("0").id

    def count_up(_turn: int) -> None:
        with app.app_context(), write() as session:
            row = session.get(Organisation, number)
            assert row is not None
            row.name = str(int(row.name) + 1)  # a count is lost if two do this at once

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(count_up, range(120)))
    with app.app_context():
        row = db.session.get(Organisation, number)
        assert row is not None
        assert row.name == "120"


def test_failed_write_leaves_nothing(session: scoped_session[Session]) -> None:
    def half() -> None:
        with write() as inner:
            inner.add(Organisation(name="Halvfärdig"))
            inner.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert session.scalars(select(Organisation)).all() == []
    factories.an_organisation("Hel")
    assert [row.name for row in session.scalars(select(Organisation))] == ["Hel"]


def test_write_reads_afresh_what_was_read_before(app: Flask, session: scoped_session[Session]) -> None:
    made = factories.an_organisation("Före")
    assert made.name == "Före"

    def elsewhere() -> None:
        with app.app_context(), write() as other:
            row = other.get(Organisation, made.id)
            assert row is not None
            row.name = "Efter"

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    with write():
        assert made.name == "Efter"


def test_write_inside_a_write_raises(session: scoped_session[Session]) -> None:
    with pytest.raises(RuntimeError, match="inside"), write(), write():
        pass
    factories.an_organisation("Det går igen")


def test_write_locked_out_by_another_process_is_unavailable(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with app.app_context():
        code = factories.a_meeting().join_code
    other = sqlite3.connect(app.extensions["dialog_settings"].data_dir / "dialog.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = client.post("/api/join", json={"code": code})
    assert (refused.status_code, refused.json["error"]["code"]) == (503, "unavailable")
    with app.app_context(), pytest.raises(Unavailable), write():
        pass
    assert client.get("/readyz").status_code == 200, "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert client.post("/api/join", json={"code": code}).status_code == 201


def test_failed_statement_shows_no_values(session: scoped_session[Session]) -> None:
    factories.an_organisation("Bara en gång")
    with pytest.raises(IntegrityError) as failed:
        factories.an_organisation("Bara en gång")
    assert "Bara en gång" not in str(failed.value)


def test_sqlite_connection_has_durable_settings(session: scoped_session[Session]) -> None:
    pragmas = {
        name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 0}


def test_time_is_stored_in_utc_and_refused_without_a_zone(session: scoped_session[Session]) -> None:
    made = factories.an_organisation("Tid")
    stockholm = timezone(timedelta(hours=1))
    with write():
        made.created_at = datetime(2014, 12, 4, 18, 30, tzinfo=stockholm)
    read = factories.reread(made).created_at
    assert read is None or made.created_at == datetime(2014, 12, 4, 17, 30, tzinfo=UTC)
    assert made.created_at.tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        UTCDateTime().process_bind_param(datetime(2014, 12, 4), db.engine.dialect)  # noqa: DTZ001
