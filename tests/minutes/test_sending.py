"""From draft to sent to corrected to final, as everybody involved."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.db import db, utcnow, write
from dialog.dialogues.models import Dialogue
from dialog.errors import Closed, Conflict, TooFast
from dialog.live.limits import RateLimiter
from dialog.minutes import actions, correction_actions, queries
from dialog.minutes.models import Correction, Minutes, MinutesFile
from dialog.people.models import User
from tests.minutes.evenings import Evening, an_evening
from tests.minutes.test_writing import begin, fields


@pytest.fixture
def evening(app) -> Evening:
    return an_evening(app)


def send(evening: Evening, days: str = "14") -> str:
    """Send the draft; returns the path of the address that is shown, or nothing."""
    client = evening.client("official")
    address = begin(evening).replace("/edit", "/send")
    answer = evening.post(client, address, {"days": days})
    assert answer.status_code in (200, 303), answer.text
    shown = re.search(r'value="http://localhost(/minutes/read/[^"]+)"', answer.text)
    return shown[1] if shown else ""


def correct(evening: Evening, address: str, text: str, **more: str):
    client = evening.client()
    data = {"uuid": str(uuid.uuid4()), "about": "", "text": text, **more}
    return evening.post(client, f"{address}/corrections", data)


def over(evening: Evening) -> None:
    """Let the days for corrections pass."""
    with evening.app.app_context(), write() as session:
        for minutes in session.scalars(select(Minutes)):
            minutes.corrections_until = utcnow() - timedelta(minutes=1)


def newest(evening: Evening) -> Minutes:
    return queries.versions_of(evening.meeting)[0]


def test_sending_freezes_and_gives_an_address_that_only_its_hash_is_kept_of(evening):
    address = send(evening)
    assert len(address.rsplit("/", 1)[1]) >= 40
    page = evening.client().get(address)
    assert page.status_code == 200
    assert "Kväll på biblioteket" in page.text
    assert "Fler bänkar" in page.text
    assert "allmän handling" in page.text
    with evening.app.app_context():
        minutes = newest(evening)
        assert minutes.state == "sent"
        assert minutes.link_hash
        assert minutes.link_hash not in address
        assert minutes.corrections_until > utcnow() + timedelta(days=13)
        with write() as session:  # what changes in the meeting afterwards changes nothing here
            minutes = session.get_one(Minutes, minutes.id)
            minutes.meeting.title = "Något annat"
            minutes.meeting.attendance = 99
    assert "12 personer" in evening.client().get(address).text


def test_the_last_day_is_read_to_its_end(evening, monkeypatch):
    begin(evening)
    with evening.app.app_context():
        user = db.session.get_one(User, evening.people["official"].id)
        now = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
        minutes, _token = actions.send_draft(user, newest(evening).id, 14, now=now)
        assert minutes.corrections_until == datetime(2026, 4, 3, 21, 59, tzinfo=UTC)  # summer time


@pytest.mark.parametrize("days", ["0", "91", "", "-1", "fjorton", "9" * 30])
def test_days_must_be_sensible(evening, days):
    client = evening.client("official")
    address = begin(evening)
    assert evening.post(client, address.replace("/edit", "/send"), {"days": days}).status_code == 400


def test_sending_twice_sends_once(evening):
    address = begin(evening).replace("/edit", "/send")
    client = evening.client("official")
    assert evening.post(client, address, {"days": "14"}).status_code == 200
    assert evening.post(client, address, {"days": "14"}).status_code == 409


def test_those_who_took_part_read_without_the_address(evening):
    early = evening.client("participant").get(f"/m/{evening.meeting}/minutes")
    assert "inte utskickade än" in early.text
    assert evening.client("participant").get(f"/m/{evening.meeting}/minutes/files/pdf").status_code == 404
    send(evening)
    assert f"/m/{evening.meeting}/minutes" in evening.client("participant").get(f"/m/{evening.meeting}").text
    page = evening.client("participant").get(f"/m/{evening.meeting}/minutes")
    assert page.status_code == 200
    assert "Fler bänkar" in page.text
    for who in ("", "official"):
        assert evening.client(who).get(f"/m/{evening.meeting}/minutes").status_code == 404
    answer = evening.post(
        evening.client("participant"),
        f"/m/{evening.meeting}/minutes/corrections",
        {"uuid": str(uuid.uuid4()), "about": "", "text": "Vi var fler"},
    )
    assert answer.status_code == 303


def test_an_address_can_be_ended_and_renewed(evening):
    first = send(evening)
    client = evening.client("official")
    path = f"/meetings/{evening.meeting}/minutes/link"
    shown = evening.post(client, path).text
    second = re.search(r'value="http://localhost(/minutes/read/[^"]+)"', shown)[1]
    assert evening.client().get(first).status_code == 404
    assert evening.client().get(second).status_code == 200
    assert evening.post(client, f"{path}/revoke").status_code == 303
    assert evening.client().get(second).status_code == 404
    assert evening.client("participant").get(f"/m/{evening.meeting}/minutes").status_code == 200


def test_made_up_addresses_lead_nowhere(evening):
    send(evening)
    for key in ("x", "a" * 43, "%00", "..", "é" * 30):
        assert evening.client().get(f"/minutes/read/{key}").status_code == 404


def test_a_correction_arrives_once_however_often_it_is_sent(evening):
    address = send(evening)
    number = str(uuid.uuid4())
    answers = [correct(evening, address, "Vi var fjorton", uuid=number) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    receipt = evening.client().get(answers[0].location)
    assert "Din rättelse har kommit fram" in receipt.text
    with evening.app.app_context():
        assert len(queries.corrections_of(evening.meeting)) == 1
    changed = correct(evening, address, "Vi var tretton", uuid=number)
    assert changed.status_code == 409
    assert "Vi var tretton" in changed.text
    assert number not in changed.text  # the next press sends it as one of its own


def test_personal_data_is_warned_for_before_it_is_sent(evening):
    address = send(evening)
    text = "Ring 070-123 45 67 eller skriv till maja@example.se, 811218-9876"
    warned = correct(evening, address, text)
    assert warned.status_code == 400
    assert "Skicka som det är" in warned.text
    assert "070-123 45 67" in warned.text
    assert correct(evening, address, text, confirmed="1").status_code == 303


@pytest.mark.parametrize("text", ["", "ab", "x" * 2001, "a\x00b", "a\u202eb"])
def test_bad_corrections_are_refused_with_the_text_kept(evening, text):
    address = send(evening)
    answer = correct(evening, address, text)
    assert answer.status_code == 400
    with evening.app.app_context():
        assert queries.corrections_of(evening.meeting) == []


def test_an_odd_part_or_uuid_is_no_crash(evening):
    address = send(evening)
    assert correct(evening, address, "Vi var fler", about="nowhere").status_code == 400
    assert correct(evening, address, "Vi var fler", uuid="x").status_code == 303
    assert evening.client().get(f"{address}?version=7").status_code == 404
    assert evening.client().get(f"{address}?version=x").status_code == 404
    assert evening.client().get(f"{address}?receipt=x").status_code == 200


def test_too_many_corrections_are_slowed_down_and_then_no_longer_taken(evening, monkeypatch):
    send(evening)
    with evening.app.test_request_context():
        minutes = newest(evening)
        monkeypatch.setattr(correction_actions, "PER_NETWORK", RateLimiter(burst=2, seconds=60))
        for text in ("ett", "två"):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", text)
        with pytest.raises(TooFast):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", "tre")
        monkeypatch.setattr(correction_actions, "PER_NETWORK", RateLimiter(burst=2, seconds=60))
        monkeypatch.setattr(correction_actions, "MAX_PER_VERSION", 2)
        with pytest.raises(Closed):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", "tre")


def test_after_the_days_nothing_more_is_taken(evening):
    address = send(evening)
    over(evening)
    answer = correct(evening, address, "För sent")
    assert answer.status_code == 410
    assert "För sent" in answer.text
    assert "Skicka rättelsen" not in evening.client().get(address).text


def test_an_answer_needs_words_when_it_is_no(evening):
    address = send(evening)
    receipt = correct(evening, address, "Vi var fjorton", about="facts").location
    client = evening.client("moderator")
    with evening.app.app_context():
        number = queries.corrections_of(evening.meeting)[0].id
    path, form = f"/corrections/{number}", f"c{number}-"
    assert "Om mötet" in client.get(f"/meetings/{evening.meeting}/minutes").text
    assert evening.post(client, path, {f"{form}state": "declined"}).status_code == 400
    assert evening.post(client, path, {}).status_code == 400
    sent = {f"{form}state": "declined", f"{form}answer": "Vi räknade tolv"}
    assert evening.post(client, path, sent).status_code == 303
    assert "Vi räknade tolv" in evening.client().get(receipt).text
    assert evening.post(evening.client("colleague"), path, sent).status_code == 404


def second_version(evening: Evening) -> str:
    """Correct, take in, write and send a second version; returns the address of the first."""
    address = send(evening)
    correct(evening, address, "Det var ljuset som var viktigast")
    client = evening.client("official")
    with evening.app.app_context():
        number = queries.corrections_of(evening.meeting)[0].id
    evening.post(client, f"/corrections/{number}", {f"c{number}-state": "taken"})
    edit = begin(evening)
    page = client.get(edit).text
    assert "Rättelser att föra in" in page
    assert "Det var ljuset som var viktigast" in page
    sent = fields(page)
    sent[f"text-{sent['points'][1]}"] = ["– Bättre ljus <b>först</b>\n– Fler bänkar"]
    evening.post(client, edit, sent)
    assert send(evening) == ""  # the address that was given out goes on working
    return address


def test_a_correction_becomes_a_new_version_that_can_be_compared(evening):
    address = second_version(evening)
    page = evening.client().get(address).text
    assert "Version 2" in page
    compared = evening.client().get(f"{address}/compare?version=2").text
    assert "<ins>" in compared
    assert "<del>" in compared
    assert "&lt;b&gt;först&lt;/b&gt;" in compared
    assert "[tillagt: " in compared
    old = evening.client().get(f"{address}?version=1").text
    assert "Det finns en nyare version" in old
    assert "Skicka rättelsen" in old
    with evening.app.app_context():
        number = newest(evening).id
    assert evening.client("moderator").get(f"/minutes/{number}/compare").status_code == 200
    assert evening.client().get(f"{address}/compare?version=1").status_code == 404


def test_final_only_when_the_days_are_over_and_all_is_answered(evening):
    address = send(evening)
    correct(evening, address, "Vi var fjorton")
    client = evening.client("official")
    with evening.app.app_context():
        minutes, number = newest(evening).id, queries.corrections_of(evening.meeting)[0].id
    path = f"/minutes/{minutes}/final"
    assert evening.post(client, path).status_code == 409
    over(evening)
    assert evening.post(client, path).status_code == 409
    evening.post(client, f"/corrections/{number}", {f"c{number}-state": "taken"})
    begin(evening)
    assert evening.post(client, path).status_code == 409  # a new version is being written
    with evening.app.app_context(), write() as session:
        session.delete(newest(evening))
    evening.works()
    assert evening.post(client, path).status_code == 303
    assert evening.post(client, path).status_code == 303  # pressed twice
    evening.works()
    assert "fastställdes" in evening.client().get(address).text
    data = {f"c{number}-state": "declined", f"c{number}-answer": "Nej"}
    assert evening.post(client, f"/corrections/{number}", data).status_code == 409
    with evening.app.app_context():
        files = db.session.scalars(select(MinutesFile)).all()
        assert sorted(file.format for file in files) == ["docx", "pdf"]


def test_a_withdrawn_version_says_why_and_is_never_deleted(evening):
    address = second_version(evening)
    client = evening.client("official")
    with evening.app.app_context():
        first, second = (minutes.id for minutes in reversed(queries.versions_of(evening.meeting)))
    assert evening.post(client, f"/minutes/{second}/withdraw", {"reason": ""}).status_code == 400
    reason = {"reason": "Fel bilaga kom med"}
    assert evening.post(client, f"/minutes/{second}/withdraw", reason).status_code == 303
    assert evening.post(client, f"/minutes/{second}/withdraw", reason).status_code == 409
    assert "Version 1" in evening.client().get(address).text  # the one before it is read again
    gone = evening.client().get(f"{address}?version=2")
    assert gone.status_code == 410
    assert "Fel bilaga kom med" in gone.text
    assert "först" not in gone.text
    assert evening.client().get(f"{address}/files/pdf?version=2").status_code == 404
    assert correct(evening, f"{address}", "x" * 9).status_code == 303
    evening.post(client, f"/minutes/{first}/withdraw", reason)
    assert evening.client().get(address).status_code == 410
    with evening.app.app_context():
        assert db.session.query(Minutes).count() == 2


def test_files_come_from_the_worker_and_are_good(evening):
    address = send(evening)
    waiting = evening.client().get(f"{address}/files/pdf")
    assert waiting.status_code == 202
    assert evening.client().get(f"{address}/files/pdf/status").json["state"] == "queued"
    evening.works()
    pdf = evening.client().get(f"{address}/files/pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "minnesanteckningar-kvall-pa-biblioteket-v1.pdf" in pdf.headers["Content-Disposition"]
    docx = evening.client("participant").get(f"/m/{evening.meeting}/minutes/files/docx")
    assert docx.data.startswith(b"PK")
    assert evening.client().get(f"{address}/files/exe").status_code == 404
    with evening.app.app_context():
        number = newest(evening).id
    assert evening.client("official").get(f"/minutes/{number}/files/pdf").data == pdf.data
    assert evening.client("colleague").get(f"/minutes/{number}/files/pdf").status_code == 404


def test_a_draft_has_no_files_and_no_readers(evening):
    address = begin(evening).removesuffix("/edit")
    assert evening.client("official").get(f"{address}/files/pdf").status_code == 404
    assert evening.client("colleague").get(address).status_code == 404
    assert "sign-in" in evening.client().get(address).location


def test_what_was_done_is_in_the_log_without_any_text(evening):
    second_version(evening)
    with evening.app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        acts = [entry.action for entry in entries]
        for act in ("minutes.begin", "minutes.send", "correction.taken"):
            assert act in acts
        assert "ljus" not in str([entry.details for entry in entries])
        assert db.session.query(Correction).one().answered_by == evening.people["official"].id


def test_two_who_begin_at_once_get_the_same_draft(evening):
    with evening.app.app_context():
        user = db.session.get_one(User, evening.people["official"].id)
        meeting = queries.meeting_by_id(evening.meeting)
        first = actions.begin_draft(user, meeting)
        assert actions.begin_draft(user, meeting).id == first.id
        with pytest.raises(Conflict):
            actions.finish_minutes(user, first.id)


def test_a_dialogue_whose_cards_are_collected_leads_to_the_minutes(evening):
    client = evening.client("official")
    with evening.app.app_context():
        dialogue = queries.meeting_by_id(evening.meeting).dialogue.id
    path = f"/meetings/{evening.meeting}/minutes"
    assert path not in client.get(f"/dialogues/{dialogue}").text
    with evening.app.app_context(), write() as session:
        session.get_one(Dialogue, dialogue).state = "collected"
    assert path in client.get(f"/dialogues/{dialogue}").text
