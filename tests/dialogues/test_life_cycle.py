"""The life cycle of a dialogue, one state at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.db import db, write
from dialog.dialogues.models import STATES, Dialogue, ParticipationLevel
from dialog.meetings.models import Meeting
from dialog.people.models import Organisation
from tests.factories import a_body, a_dialogue, a_meeting, a_user, an_organisation, sign_in
from tests.pages import PageClient


class Case:
    """A dialogue and the browser of somebody assigned to it."""

    def __init__(self, app: Flask, client: PageClient, **columns: Any) -> None:
        self.app, self.client = app, client
        with app.app_context():
            organisation = an_organisation()
            dialogue = a_dialogue(organisation, **columns)
            user = a_user("official", organisation, dialogue=dialogue)
            sign_in(client, user)
            self.number, self.organisation, self.user = dialogue.id, organisation.id, user.id

    def moves(self, state: str, reason: str = "") -> int:
        path = f"/dialogues/{self.number}"
        sent = {"state": state, "reason": reason}
        return self.client.submit(f"{path}/state", sent, page=path).status_code

    @property
    def state(self) -> str:
        with self.app.app_context():
            return db.session.get_one(Dialogue, self.number).state

    def becomes(self, **columns: Any) -> None:
        with self.app.app_context(), write() as session:
            dialogue = session.get_one(Dialogue, self.number)
            for column, value in columns.items():
                setattr(dialogue, column, value)

    def has_assignment(self) -> None:
        with self.app.app_context():
            body = a_body(db.session.get_one(Organisation, self.organisation)).id
        self.becomes(
            body_id=body,
            target_group="Alla",
            can_influence="Bänkar",
            cannot_influence="Pengar",
            decision_date=date(2027, 1, 1),
            case_number="KS 1",
        )


def test_commissioned_state_requires_the_whole_assignment(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    page = client.get(f"/dialogues/{case.number}").text
    for lacking in ("vilket organ", "vilka dialogen är till för", "diarienumret", "när beslutet ska fattas"):
        assert lacking in page
    assert case.moves("commissioned") == 400
    assert case.state == "proposed"
    case.has_assignment()
    assert case.moves("commissioned") == 302
    assert case.state == "commissioned"


def test_dialogue_without_influence_needs_the_information_level(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    case.has_assignment()
    case.becomes(can_influence="")
    assert case.moves("commissioned") == 400
    with app.app_context():
        level = db.session.scalars(
            select(ParticipationLevel.id).where(ParticipationLevel.code == "information")
        ).one()
    case.becomes(level_id=level)
    assert case.moves("commissioned") == 302


def test_states_require_what_the_meeting_has_done(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    case.becomes(state="commissioned")
    assert case.moves("planned") == 400, "nobody is responsible yet"
    case.becomes(official_id=case.user)
    assert case.moves("planned") == 302
    assert case.moves("invited") == 400, "there is no meeting"
    with app.app_context():
        meeting = a_meeting(db.session.get_one(Dialogue, case.number), state="planned").id
    assert case.moves("invited") == 302
    assert case.moves("running") == 400, "the meeting is not open"
    meeting_becomes(app, meeting, "open")
    assert case.moves("running") == 302
    assert case.moves("collected") == 400, "the meeting is still open"
    meeting_becomes(app, meeting, "closed")
    for state in STATES[STATES.index("collected") :]:
        assert case.moves(state) == 302
    assert case.state == "closed"
    assert case.moves("cancelled", "För sent") == 400, "what is completed stays completed"


def meeting_becomes(app: Flask, number: int, state: str) -> None:
    with app.app_context(), write() as session:
        session.get_one(Meeting, number).state = state


@pytest.mark.parametrize("state", ["planned", "report", "nonsense", "proposed", ""])
def test_state_cannot_be_skipped(app: Flask, client: PageClient, state: str) -> None:
    case = Case(app, client)
    case.has_assignment()
    assert case.moves(state) == 400
    assert case.state == "proposed"


def test_dialogue_can_move_one_state_back(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    case.becomes(state="analysis")
    assert case.moves("collected") == 302
    assert case.state == "collected"


def test_cancelling_requires_a_public_reason(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    assert case.moves("cancelled") == 400
    assert case.state == "proposed"
    assert case.moves("cancelled", "Frågan är avgjord av riksdagen.") == 302
    assert case.state == "cancelled"
    assert "Frågan är avgjord av riksdagen." in client.get(f"/dialogues/{case.number}").text
    assert case.moves("cancelled", "Igen") == 400
    assert case.moves("proposed") == 302, "it can be taken up again"
    with app.app_context():
        assert db.session.get_one(Dialogue, case.number).cancelled_reason == ""


def test_a_refused_reason_is_kept(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    path = f"/dialogues/{case.number}"
    answer = client.submit(f"{path}/state", {"state": "cancelled", "reason": "x" * 1001}, page=path)
    assert answer.status_code == 400
    assert "x" * 1001 in answer.text


def test_every_step_is_noted(app: Flask, client: PageClient) -> None:
    case = Case(app, client)
    case.moves("cancelled", "Hemligt skäl")
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="dialogue.move").one()
        assert entry.details == {"before": "proposed", "after": "cancelled"}
        assert (entry.actor_id, entry.object_id) == (case.user, case.number)
