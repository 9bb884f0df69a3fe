"""Rows and users of every role, for the table of routes and roles."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from dialog.cards.create_actions import Added, NewCard, add_cards
from dialog.chat.actions import create_message
from dialog.db import db, write
from dialog.dialogues.models import Method
from dialog.intake.actions import create_intake
from dialog.interviews.actions import take_consent
from dialog.joining.actions import join_meeting
from dialog.meetings.actions import create_display_link
from dialog.meetings.actor import Actor
from dialog.minutes import actions as minutes
from dialog.minutes.correction_actions import add_correction
from dialog.people.models import Assignment
from dialog.reports.actions import freeze, mark_reviewed, publish
from tests import factories

#: The columns of every table, from those who may least.
ROLES = (
    "stranger",
    "other",  # a participant of another meeting
    "participant",
    "colleague",  # moderator of another dialogue of the same organisation
    "moderator",
    "official",
    "politician",
    "administrator",
    "outsider",  # administrator of another organisation
)
#: What somebody writes who wants a script to run: on every page it is text, and nothing else.
HOSTILE = """'"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"""


@dataclass
class World:
    """Ids of rows, tokens of participants, and users by role."""

    app: Flask
    ids: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    seq: int = 0

    def client(self, role: str) -> tuple[FlaskClient, dict[str, str]]:
        """Return a client and the headers of its requests for a role."""
        client = self.app.test_client()
        meeting = self.ids["other_meeting_id" if role == "other" else "meeting_id"]
        if role in self.tokens:
            client.set_cookie(f"dialog_p_{meeting}", self.tokens[role])
        if role in self.sessions:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.sessions[role], True
                session["browser"] = "a browser"
        return client, {"X-CSRFToken": factories.token(client)}


def make_world(app: Flask) -> World:
    """Create all rows in an empty database."""
    world = World(app)
    with app.app_context():
        organisation = factories.an_organisation(f"Sjöstad {HOSTILE}")
        areas = tuple(factories.an_area(organisation, f"{name} {HOSTILE}") for name in ("Torget", "Skolan"))
        dialogue = factories.a_dialogue(organisation, areas=areas, title=HOSTILE, question=HOSTILE)
        meeting = factories.a_meeting(dialogue, title=HOSTILE, question=HOSTILE, place=HOSTILE)
        elsewhere = factories.a_dialogue(organisation, areas=areas)
        other = factories.a_meeting(elsewhere)
        body = factories.a_body(organisation, HOSTILE)
        users = {
            "colleague": factories.a_user("moderator", organisation, dialogue=elsewhere),
            "moderator": factories.a_user("moderator", organisation, dialogue=dialogue, name=HOSTILE),
            "official": factories.a_user("official", organisation, dialogue=dialogue),
            "politician": factories.a_user("politician", organisation),
            "administrator": factories.a_user("administrator", organisation),
            "outsider": factories.a_user("administrator", factories.an_organisation("Grannköping")),
        }
        someone = factories.a_user("official", organisation)
        participant = join_meeting(meeting.id)
        token, other_token = participant.token, join_meeting(other.id).token
        outcome = add_cards(
            [
                NewCard(
                    meeting_id=meeting.id,
                    participant_id=participant.id,
                    uuid="6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e01",
                    text=HOSTILE,
                )
            ]
        )[0]
        assert isinstance(outcome, Added)
        with write() as session:
            assignment = Assignment(user_id=someone.id, dialogue_id=dialogue.id, role="official")
            session.add(assignment)
            method = session.scalars(
                db.select(Method).where(Method.organisation_id == organisation.id)
            ).first()
            assert method is not None
        reports = [freeze(users["official"], dialogue.id) for _ in range(3)]
        for report in reports[1:]:
            mark_reviewed(users["official"], report.id)
        publish(users["official"], reports[2].id)
        take_consent(users["moderator"], meeting, 3, 2)
        with app.test_request_context():
            sent, key = minutes.send_draft(
                users["official"], minutes.begin_draft(users["official"], meeting).id, days=14
            )
            correction = add_correction(sent, "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e11", "", HOSTILE)
            newer, _no_key = minutes.send_draft(
                users["official"], minutes.begin_draft(users["official"], meeting).id, days=14
            )
        typed = NewCard(
            meeting_id=meeting.id,
            user_id=users["moderator"].id,
            uuid="6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e12",
            text=HOSTILE,
            channel="paper",
        )
        taken_in = create_intake(
            users["moderator"], meeting, "6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e13", [typed], whole=True
        )[0]
        message = create_message(
            Actor(meeting, user=users["moderator"]), uuid="6f1a3a52-0f2e-4c43-9a52-2f0f5f5d8e21", text=HOSTILE
        )
        world.ids = {
            "intake_id": taken_in.id,
            "organisation_id": organisation.id,
            "dialogue_id": dialogue.id,
            "meeting_id": meeting.id,
            "message_id": message.id,
            "other_meeting_id": other.id,
            "card_id": outcome.id,
            "area_id": dialogue.areas[0].id,
            "body_id": body.id,
            "user_id": someone.id,
            "method_id": method.id,
            "level_id": dialogue.level_id,
            "assignment_id": assignment.id,
            "token": create_display_link(users["moderator"], meeting),
            "join_code": meeting.join_code,
            "number": 1,
            "minutes_id": newer.id,
            "key": key,
            "correction_id": correction.id,
            "draft": reports[0].id,
            "reviewed": reports[1].id,
            "published": reports[2].id,
        }
        world.seq = outcome.seq
        world.tokens = {"participant": token, "other": other_token}
        world.sessions = {role: user.get_id() for role, user in users.items()}
    return world


class Again:
    """A function that restores the database after a request that changed it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.database = app, folder / "dialog.db"
        self.copy = folder / "as-it-was.db"
        self._put_away()
        shutil.copyfile(self.database, self.copy)

    def __call__(self) -> None:
        self._put_away()
        shutil.copyfile(self.copy, self.database)

    def close(self) -> None:
        self._put_away()

    def _put_away(self) -> None:
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
