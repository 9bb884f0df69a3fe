"""Sending minutes, the address that is given out, and the files of a version."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from dialog.db import db, utcnow, write
from dialog.dialogues.models import Dialogue
from dialog.errors import Conflict
from dialog.minutes import actions, queries
from dialog.minutes.models import Minutes
from dialog.people.models import User
from tests.minutes.steps import (
    begin_draft,
    newest_version,
    send_draft,
)


def test_sending_freezes_the_text_and_stores_only_the_hash_of_its_address(closed_meeting):
    address = send_draft(closed_meeting)
    assert len(address.rsplit("/", 1)[1]) >= 40
    page = closed_meeting.client().get(address)
    assert page.status_code == 200
    assert "Kväll på biblioteket" in page.text
    assert "Fler bänkar" in page.text
    assert "allmän handling" in page.text
    with closed_meeting.app.app_context():
        minutes = newest_version(closed_meeting)
        assert minutes.state == "sent"
        assert minutes.link_hash
        assert minutes.link_hash not in address
        assert minutes.corrections_until > utcnow() + timedelta(days=13)
        with write() as session:  # what changes in the meeting afterwards changes nothing here
            minutes = session.get_one(Minutes, minutes.id)
            minutes.meeting.title = "Något annat"
            minutes.meeting.attendance = 99
    assert "12 personer" in closed_meeting.client().get(address).text


def test_corrections_are_open_to_the_end_of_the_last_day(closed_meeting, monkeypatch):
    begin_draft(closed_meeting)
    with closed_meeting.app.app_context():
        user = db.session.get_one(User, closed_meeting.people["official"].id)
        now = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
        minutes, _token = actions.send_draft(user, newest_version(closed_meeting).id, 14, now=now)
        assert minutes.corrections_until == datetime(2026, 4, 3, 21, 59, tzinfo=UTC)  # summer time


@pytest.mark.parametrize("days", ["0", "91", "", "-1", "fjorton", "9" * 30])
def test_sending_refuses_days_outside_1_to_90(closed_meeting, days):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    assert closed_meeting.post(client, address.replace("/edit", "/send"), {"days": days}).status_code == 400


def test_draft_sent_twice_is_sent_once(closed_meeting):
    address = begin_draft(closed_meeting).replace("/edit", "/send")
    client = closed_meeting.client("official")
    assert closed_meeting.post(client, address, {"days": "14"}).status_code == 200
    assert closed_meeting.post(client, address, {"days": "14"}).status_code == 409


def test_participant_reads_and_corrects_without_the_address(closed_meeting):
    early = closed_meeting.client("participant").get(closed_meeting.participant_path)
    assert "inte utskickade än" in early.text
    assert (
        closed_meeting.client("participant").get(f"{closed_meeting.participant_path}/files/pdf").status_code
        == 404
    )
    send_draft(closed_meeting)
    assert (
        closed_meeting.participant_path
        in closed_meeting.client("participant").get(f"/m/{closed_meeting.meeting_id}").text
    )
    page = closed_meeting.client("participant").get(closed_meeting.participant_path)
    assert page.status_code == 200
    assert "Fler bänkar" in page.text
    for who in ("", "official"):
        assert closed_meeting.client(who).get(closed_meeting.participant_path).status_code == 404
    answer = closed_meeting.post(
        closed_meeting.client("participant"),
        f"{closed_meeting.participant_path}/corrections",
        {"uuid": str(uuid.uuid4()), "about": "", "text": "Vi var fler"},
    )
    assert answer.status_code == 303


def test_address_is_renewed_and_ended(closed_meeting):
    first = send_draft(closed_meeting)
    client = closed_meeting.client("official")
    path = f"/meetings/{closed_meeting.meeting_id}/minutes/link"
    shown = closed_meeting.post(client, path).text
    second = re.search(r'value="http://localhost(/minutes/read/[^"]+)"', shown)[1]
    assert closed_meeting.client().get(first).status_code == 404
    assert closed_meeting.client().get(second).status_code == 200
    assert closed_meeting.post(client, f"{path}/revoke").status_code == 303
    assert closed_meeting.client().get(second).status_code == 404
    assert closed_meeting.client("participant").get(closed_meeting.participant_path).status_code == 200


def test_made_up_address_is_not_found(closed_meeting):
    send_draft(closed_meeting)
    for key in ("x", "a" * 43, "%00", "..", "é" * 30):
        assert closed_meeting.client().get(f"/minutes/read/{key}").status_code == 404


def test_files_are_made_by_the_worker_for_readers_and_staff(closed_meeting):
    address = send_draft(closed_meeting)
    waiting = closed_meeting.client().get(f"{address}/files/pdf")
    assert waiting.status_code == 202
    assert closed_meeting.client().get(f"{address}/files/pdf/status").json["state"] == "queued"
    closed_meeting.run_jobs()
    pdf = closed_meeting.client().get(f"{address}/files/pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "minnesanteckningar-kvall-pa-biblioteket-v1.pdf" in pdf.headers["Content-Disposition"]
    docx = closed_meeting.client("participant").get(f"{closed_meeting.participant_path}/files/docx")
    assert docx.data.startswith(b"PK")
    assert closed_meeting.client().get(f"{address}/files/exe").status_code == 404
    with closed_meeting.app.app_context():
        number = newest_version(closed_meeting).id
    assert closed_meeting.client("official").get(f"/minutes/{number}/files/pdf").data == pdf.data
    assert closed_meeting.client("colleague").get(f"/minutes/{number}/files/pdf").status_code == 404


def test_draft_has_no_files_and_no_readers(closed_meeting):
    address = begin_draft(closed_meeting).removesuffix("/edit")
    assert closed_meeting.client("official").get(f"{address}/files/pdf").status_code == 404
    assert closed_meeting.client("colleague").get(address).status_code == 404
    assert "sign-in" in closed_meeting.client().get(address).location


def test_beginning_again_returns_the_draft_which_cannot_be_final(closed_meeting):
    with closed_meeting.app.app_context():
        user = db.session.get_one(User, closed_meeting.people["official"].id)
        meeting = queries.meeting_by_id(closed_meeting.meeting_id)
        first = actions.begin_draft(user, meeting)
        assert actions.begin_draft(user, meeting).id == first.id
        with pytest.raises(Conflict):
            actions.finish_minutes(user, first.id)


def test_dialogue_with_collected_cards_links_to_the_minutes(closed_meeting):
    client = closed_meeting.client("official")
    with closed_meeting.app.app_context():
        dialogue = queries.meeting_by_id(closed_meeting.meeting_id).dialogue.id
    path = f"/meetings/{closed_meeting.meeting_id}/minutes"
    assert path not in client.get(f"/dialogues/{dialogue}").text
    with closed_meeting.app.app_context(), write() as session:
        session.get_one(Dialogue, dialogue).state = "collected"
    assert path in client.get(f"/dialogues/{dialogue}").text
