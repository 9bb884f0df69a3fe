"""Corrections from readers, and the answers to them."""

from __future__ import annotations

import uuid

import pytest

from dialog.errors import Closed, TooFast
from dialog.live.limits import RateLimiter
from dialog.minutes import correction_actions, queries
from tests.minutes.steps import (
    end_correction_days,
    newest_version,
    send_correction,
    send_draft,
)


def test_correction_sent_three_times_is_stored_once(closed_meeting):
    address = send_draft(closed_meeting)
    number = str(uuid.uuid4())
    answers = [send_correction(closed_meeting, address, "Vi var fjorton", uuid=number) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    receipt = closed_meeting.client().get(answers[0].location)
    assert "Din rättelse har kommit fram" in receipt.text
    with closed_meeting.app.app_context():
        assert len(queries.corrections_of(closed_meeting.meeting_id)) == 1
    changed = send_correction(closed_meeting, address, "Vi var tretton", uuid=number)
    assert changed.status_code == 409
    assert "Vi var tretton" in changed.text
    assert number not in changed.text  # the next press sends it as one of its own


def test_correction_with_personal_data_is_sent_after_a_warning(closed_meeting):
    address = send_draft(closed_meeting)
    text = "Ring 070-123 45 67 eller skriv till maja@example.se, 811218-9876"
    warned = send_correction(closed_meeting, address, text)
    assert warned.status_code == 400
    assert "Skicka som det är" in warned.text
    assert "070-123 45 67" in warned.text
    assert send_correction(closed_meeting, address, text, confirmed="1").status_code == 303


@pytest.mark.parametrize("text", ["", "ab", "x" * 2001, "a\x00b", "a\u202eb"])
def test_bad_correction_is_refused(closed_meeting, text):
    address = send_draft(closed_meeting)
    answer = send_correction(closed_meeting, address, text)
    assert answer.status_code == 400
    with closed_meeting.app.app_context():
        assert queries.corrections_of(closed_meeting.meeting_id) == []


def test_correction_with_an_odd_part_or_uuid_is_no_crash(closed_meeting):
    address = send_draft(closed_meeting)
    assert send_correction(closed_meeting, address, "Vi var fler", about="nowhere").status_code == 400
    assert send_correction(closed_meeting, address, "Vi var fler", uuid="x").status_code == 303
    assert closed_meeting.client().get(f"{address}?version=7").status_code == 404
    assert closed_meeting.client().get(f"{address}?version=x").status_code == 404
    assert closed_meeting.client().get(f"{address}?receipt=x").status_code == 200


def test_too_many_corrections_are_slowed_down_and_then_refused(closed_meeting, monkeypatch):
    send_draft(closed_meeting)
    with closed_meeting.app.test_request_context():
        minutes = newest_version(closed_meeting)
        monkeypatch.setattr(correction_actions, "PER_NETWORK", RateLimiter(burst=2, seconds=60))
        for text in ("ett", "två"):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", text)
        with pytest.raises(TooFast):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", "tre")
        monkeypatch.setattr(correction_actions, "PER_NETWORK", RateLimiter(burst=2, seconds=60))
        monkeypatch.setattr(correction_actions, "MAX_PER_VERSION", 2)
        with pytest.raises(Closed):
            correction_actions.add_correction(minutes, str(uuid.uuid4()), "", "tre")


def test_correction_after_the_days_is_refused_with_the_text_kept(closed_meeting):
    address = send_draft(closed_meeting)
    end_correction_days(closed_meeting)
    answer = send_correction(closed_meeting, address, "För sent")
    assert answer.status_code == 410
    assert "För sent" in answer.text
    assert "Skicka rättelsen" not in closed_meeting.client().get(address).text


def test_declining_a_correction_needs_words(closed_meeting):
    address = send_draft(closed_meeting)
    receipt = send_correction(closed_meeting, address, "Vi var fjorton", about="facts").location
    client = closed_meeting.client("moderator")
    with closed_meeting.app.app_context():
        number = queries.corrections_of(closed_meeting.meeting_id)[0].id
    path, form = f"/corrections/{number}", f"c{number}-"
    assert "Om mötet" in client.get(f"/meetings/{closed_meeting.meeting_id}/minutes").text
    assert closed_meeting.post(client, path, {f"{form}state": "declined"}).status_code == 400
    assert closed_meeting.post(client, path, {}).status_code == 400
    sent = {f"{form}state": "declined", f"{form}answer": "Vi räknade tolv"}
    assert closed_meeting.post(client, path, sent).status_code == 303
    assert "Vi räknade tolv" in closed_meeting.client().get(receipt).text
    assert closed_meeting.post(closed_meeting.client("colleague"), path, sent).status_code == 404
