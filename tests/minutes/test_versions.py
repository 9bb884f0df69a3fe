"""Versions of minutes after the first: compared, final and withdrawn."""

from __future__ import annotations

from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.db import db, write
from dialog.minutes import queries
from dialog.minutes.models import Correction, Minutes, MinutesFile
from tests.minutes.steps import (
    begin_draft,
    end_correction_days,
    newest_version,
    send_correction,
    send_draft,
    send_second_version,
)


def test_second_version_is_compared_with_the_first_word_by_word(closed_meeting):
    address = send_second_version(closed_meeting)
    page = closed_meeting.client().get(address).text
    assert "Version 2" in page
    compared = closed_meeting.client().get(f"{address}/compare?version=2").text
    assert "<ins>" in compared
    assert "<del>" in compared
    assert "&lt;b&gt;först&lt;/b&gt;" in compared
    assert "[tillagt: " in compared
    old = closed_meeting.client().get(f"{address}?version=1").text
    assert "Det finns en nyare version" in old
    assert "Skicka rättelsen" in old
    with closed_meeting.app.app_context():
        number = newest_version(closed_meeting).id
    assert closed_meeting.client("moderator").get(f"/minutes/{number}/compare").status_code == 200
    assert closed_meeting.client().get(f"{address}/compare?version=1").status_code == 404


def test_minutes_become_final_after_the_days_when_all_is_answered(closed_meeting):
    address = send_draft(closed_meeting)
    send_correction(closed_meeting, address, "Vi var fjorton")
    client = closed_meeting.client("official")
    with closed_meeting.app.app_context():
        minutes, number = (
            newest_version(closed_meeting).id,
            queries.corrections_of(closed_meeting.meeting_id)[0].id,
        )
    path = f"/minutes/{minutes}/final"
    assert closed_meeting.post(client, path).status_code == 409
    end_correction_days(closed_meeting)
    assert closed_meeting.post(client, path).status_code == 409
    closed_meeting.post(client, f"/corrections/{number}", {f"c{number}-state": "taken"})
    begin_draft(closed_meeting)
    assert closed_meeting.post(client, path).status_code == 409  # a new version is being written
    with closed_meeting.app.app_context(), write() as session:
        session.delete(newest_version(closed_meeting))
    closed_meeting.run_jobs()
    assert closed_meeting.post(client, path).status_code == 303
    assert closed_meeting.post(client, path).status_code == 303  # pressed twice
    closed_meeting.run_jobs()
    assert "fastställdes" in closed_meeting.client().get(address).text
    data = {f"c{number}-state": "declined", f"c{number}-answer": "Nej"}
    assert closed_meeting.post(client, f"/corrections/{number}", data).status_code == 409
    with closed_meeting.app.app_context():
        files = db.session.scalars(select(MinutesFile)).all()
        assert sorted(file.format for file in files) == ["docx", "pdf"]


def test_withdrawn_version_shows_its_reason_and_is_kept(closed_meeting):
    address = send_second_version(closed_meeting)
    client = closed_meeting.client("official")
    with closed_meeting.app.app_context():
        first, second = (minutes.id for minutes in reversed(queries.versions_of(closed_meeting.meeting_id)))
    assert closed_meeting.post(client, f"/minutes/{second}/withdraw", {"reason": ""}).status_code == 400
    reason = {"reason": "Fel bilaga kom med"}
    assert closed_meeting.post(client, f"/minutes/{second}/withdraw", reason).status_code == 303
    assert closed_meeting.post(client, f"/minutes/{second}/withdraw", reason).status_code == 409
    assert "Version 1" in closed_meeting.client().get(address).text  # the one before it is read again
    gone = closed_meeting.client().get(f"{address}?version=2")
    assert gone.status_code == 410
    assert "Fel bilaga kom med" in gone.text
    assert "först" not in gone.text
    assert closed_meeting.client().get(f"{address}/files/pdf?version=2").status_code == 404
    assert send_correction(closed_meeting, f"{address}", "x" * 9).status_code == 303
    closed_meeting.post(client, f"/minutes/{first}/withdraw", reason)
    assert closed_meeting.client().get(address).status_code == 410
    with closed_meeting.app.app_context():
        assert db.session.query(Minutes).count() == 2


def test_audit_log_has_every_act_and_no_text(closed_meeting):
    send_second_version(closed_meeting)
    with closed_meeting.app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        acts = [entry.action for entry in entries]
        for act in ("minutes.begin", "minutes.send", "correction.taken"):
            assert act in acts
        assert "ljus" not in str([entry.details for entry in entries])
        assert db.session.query(Correction).one().answered_by == closed_meeting.people["official"].id
