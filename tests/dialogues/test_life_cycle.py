"""From proposal to completed, one step at a time."""

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


class Evening:
    """A dialogue and somebody who works with it."""

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


def test_an_assignment_needs_all_that_a_body_decides(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    page = client.get(f"/dialogues/{evening.number}").text
    for lacking in ("vilket organ", "vilka dialogen är till för", "diarienumret", "när beslutet ska fattas"):
        assert lacking in page
    assert evening.moves("commissioned") == 400
    assert evening.state == "proposed"
    evening.has_assignment()
    assert evening.moves("commissioned") == 302
    assert evening.state == "commissioned"


def test_what_cannot_be_influenced_at_all_is_information(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    evening.has_assignment()
    evening.becomes(can_influence="")
    assert evening.moves("commissioned") == 400
    with app.app_context():
        level = db.session.scalars(
            select(ParticipationLevel.id).where(ParticipationLevel.code == "information")
        ).one()
    evening.becomes(level_id=level)
    assert evening.moves("commissioned") == 302


def test_the_evening_itself_moves_the_dialogue_on(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    evening.becomes(state="commissioned")
    assert evening.moves("planned") == 400, "nobody is responsible yet"
    evening.becomes(official_id=evening.user)
    assert evening.moves("planned") == 302
    assert evening.moves("invited") == 400, "there is no meeting"
    with app.app_context():
        meeting = a_meeting(db.session.get_one(Dialogue, evening.number), state="planned").id
    assert evening.moves("invited") == 302
    assert evening.moves("running") == 400, "the meeting is not open"
    meeting_becomes(app, meeting, "open")
    assert evening.moves("running") == 302
    assert evening.moves("collected") == 400, "the meeting is still open"
    meeting_becomes(app, meeting, "closed")
    for state in STATES[STATES.index("collected") :]:
        assert evening.moves(state) == 302
    assert evening.state == "closed"
    assert evening.moves("cancelled", "För sent") == 400, "what is completed stays completed"


def meeting_becomes(app: Flask, number: int, state: str) -> None:
    with app.app_context(), write() as session:
        session.get_one(Meeting, number).state = state


@pytest.mark.parametrize("state", ["planned", "report", "nonsense", "proposed", ""])
def test_no_step_is_skipped(app: Flask, client: PageClient, state: str) -> None:
    evening = Evening(app, client)
    evening.has_assignment()
    assert evening.moves(state) == 400
    assert evening.state == "proposed"


def test_one_step_back_when_somebody_was_too_quick(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    evening.becomes(state="analysis")
    assert evening.moves("collected") == 302
    assert evening.state == "collected"


def test_cancelling_needs_a_reason_that_is_shown(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    assert evening.moves("cancelled") == 400
    assert evening.state == "proposed"
    assert evening.moves("cancelled", "Frågan är avgjord av riksdagen.") == 302
    assert evening.state == "cancelled"
    assert "Frågan är avgjord av riksdagen." in client.get(f"/dialogues/{evening.number}").text
    assert evening.moves("cancelled", "Igen") == 400
    assert evening.moves("proposed") == 302, "it can be taken up again"
    with app.app_context():
        assert db.session.get_one(Dialogue, evening.number).cancelled_reason == ""


def test_a_refused_reason_is_kept(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    path = f"/dialogues/{evening.number}"
    answer = client.submit(f"{path}/state", {"state": "cancelled", "reason": "x" * 1001}, page=path)
    assert answer.status_code == 400
    assert "x" * 1001 in answer.text


def test_every_step_is_noted(app: Flask, client: PageClient) -> None:
    evening = Evening(app, client)
    evening.moves("cancelled", "Hemligt skäl")
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="dialogue.move").one()
        assert entry.details == {"before": "proposed", "after": "cancelled"}
        assert (entry.actor_id, entry.object_id) == (evening.user, evening.number)
