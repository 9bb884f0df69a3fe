"""The audit log records staff actions, and the database refuses to change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from dialog import create_app
from dialog.audit.actions import record
from dialog.audit.models import AuditEntry
from dialog.cards.models import Card
from dialog.db import db, write
from tests import factories
from tests.conftest import settings_for
from tests.live.fixtures import MakeHall


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(
    request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """Return an application on each of the two databases."""
    if request.param == "sqlite":
        return make_app()
    url = request.getfixturevalue("migrated_postgres_url")
    return create_app(settings_for(tmp_path_factory.mktemp("audit"), database_url=url))


def test_audit_entry_cannot_be_changed_or_removed(any_app: Flask) -> None:
    with any_app.app_context():
        user = factories.a_user("administrator")
        with write() as session:
            record(session, user, "user.test", user, number=1)
        before = [(row.id, row.action, row.at) for row in db.session.scalars(select(AuditEntry))]
        statements = [
            update(AuditEntry).values(action="nothing"),
            delete(AuditEntry),
            text("UPDATE audit_entry SET actor_id = NULL"),
            text("DELETE FROM audit_entry"),
        ]
        if db.engine.dialect.name == "postgresql":
            statements.append(text("TRUNCATE audit_entry"))
        for statement in statements:
            with pytest.raises(DBAPIError, match="append-only"), write() as session:
                session.execute(statement)
        db.session.rollback()
        assert before
        assert [(row.id, row.action, row.at) for row in db.session.scalars(select(AuditEntry))] == before
        db.session.remove()
        db.engine.dispose()


def test_staff_action_is_recorded_in_its_transaction(make_hall: MakeHall) -> None:
    hall = make_hall(approval=True, stages=({"write": True, "see": True}, {"see": True}))
    phone, moderator = hall.joins(), hall.moderator()
    card = phone.writes("Ett kort")
    approved = moderator.restores(card["id"], card["seq"])
    moved = moderator.moves(card["id"], hall.areas[0], approved["seq"])
    hidden = moderator.hides(card["id"], "dubblett", moved["seq"])
    back = moderator.restores(card["id"], hidden["seq"])
    moderator.moves(card["id"], None, hidden["seq"])  # refused: somebody was first
    own = moderator.writes("Från papper")
    own = moderator.edits(own["id"], "Från ett papper", own["seq"])
    moderator.withdraws(own["id"], own["seq"])
    hall.makes_display_link()
    hall.goes_to_stage(1)
    hall.removes(phone)
    hall.closes()
    with hall.app.app_context():
        rows = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.actor_id == hall.moderator_id, AuditEntry.actor_kind == "user")
            .order_by(AuditEntry.id)
        ).all()
        acts = [row.action for row in rows]
        assert acts == [
            "card.approve",
            "card.move",
            "card.hide",
            "card.restore",
            "card.add",
            "card.edit",
            "card.withdraw",
            "display.create",
            "meeting.stage",
            "participant.remove",
            "meeting.close",
        ]
        assert {row.object_id for row in rows[:4]} == {card["id"]}
        assert {row.organisation_id for row in rows} == {hall.organisation_id}
        assert db.session.get(Card, card["id"]).seq == back["seq"]
