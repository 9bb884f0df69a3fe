"""The log of errors contains their cause and no personal data."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from dialog.cards.create_actions import Added, NewCard, add_cards
from dialog.cards.models import Card
from dialog.db import write
from tests import factories

SECRET_THOUGHT = "Det här skrev en orolig granne"


def a_card(app: Flask) -> int:
    with app.app_context():
        meeting = factories.a_meeting()
        user = factories.a_user("moderator", dialogue=meeting.dialogue)
        card = NewCard(meeting_id=meeting.id, user_id=user.id, uuid=str(uuid4()), text=SECRET_THOUGHT)
        added = add_cards([card])[0]
        assert isinstance(added, Added)
        return added.id


def break_a_rule(app: Flask, number: int) -> Callable[[], str]:
    def view() -> str:
        with write() as session:
            session.execute(update(Card).where(Card.id == number).values(state="shouted"))
        return "saved"

    app.add_url_rule("/breaks", view_func=view)
    return view


def check(app: Flask, capsys: pytest.CaptureFixture[str]) -> str:
    break_a_rule(app, a_card(app))
    assert app.test_client().get("/breaks").status_code == 500
    logged = capsys.readouterr().err
    assert SECRET_THOUGHT not in logged
    assert "unexpected failure" in logged
    assert "IntegrityError" in logged
    assert "session.execute(update(Card)" in logged, "where it happened is told"
    return logged


def test_row_refused_by_postgresql_is_not_logged(
    make_app: Callable[..., Flask], migrated_postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logged = check(make_app(database_url=migrated_postgres_url), capsys)
    assert "ck_card_state" in logged
    assert "Failing row" not in logged


def test_row_refused_by_sqlite_is_not_logged(
    capsys: pytest.CaptureFixture[str], make_app: Callable[..., Flask]
) -> None:
    check(make_app(), capsys)


def test_own_errors_are_logged_with_their_message(
    capsys: pytest.CaptureFixture[str], make_app: Callable[..., Flask]
) -> None:
    app = make_app()

    def view() -> str:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise RuntimeError("then") from error

    app.add_url_rule("/fails", view_func=view)
    assert app.test_client().get("/fails").status_code == 500
    logged = capsys.readouterr().err
    assert logged.index("KeyError: 'first'") < logged.index("RuntimeError: then")
