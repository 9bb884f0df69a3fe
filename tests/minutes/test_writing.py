"""Drafts of minutes: the first text, saving, and two people who write at once."""

from __future__ import annotations

import json

import pytest

from dialog.chat.models import ChatMessage
from dialog.db import db, write
from dialog.interviews.models import ClosingCheck
from dialog.meetings.models import Meeting
from dialog.minutes import queries
from dialog.minutes.body import Body, Point, Row, fingerprints
from dialog.minutes.merge import SEPARATOR, merge_bodies
from dialog.minutes.models import Minutes
from tests.minutes.closed_meetings import ClosedMeeting, a_closed_meeting
from tests.minutes.steps import begin_draft, form_fields


def body_of(closed_meeting: ClosedMeeting) -> Body:
    with closed_meeting.app.app_context():
        draft = queries.draft_of(closed_meeting.meeting_id)
        assert draft is not None
        return queries.read_content(draft)[1]


def test_draft_begins_with_extracts_from_the_meeting(closed_meeting):
    page = closed_meeting.client("official").get(begin_draft(closed_meeting)).text
    body = body_of(closed_meeting)
    assert [point.heading for point in body.points] == ["Välkommen", "Runda 1", "Trygghet"]
    assert body.points[1].text.splitlines() == [
        "Fråga: Vad saknas?",
        "– Fler bänkar",
        "– Vem sköter rabatterna?",
    ]
    assert body.points[2].text == "– Bättre ljus"  # typed in from paper, whatever the stage was then
    assert [row.what for row in body.agreed] == ["Parkchefen svarar före jul"]
    assert [row.what for row in body.questions] == ["Vem sköter rabatterna?"]
    assert "Något elakt" not in page
    assert body.next_steps.startswith("Korten")


def test_draft_begins_with_closing_checks_and_parked_messages_too(closed_meeting):
    with closed_meeting.app.app_context(), write() as session:
        meeting = session.get_one(Meeting, closed_meeting.meeting_id)
        official = closed_meeting.people["official"].id
        session.add(
            ClosingCheck(
                meeting_id=meeting.id,
                stage_id=meeting.stages[1].id,
                summary="Bänkar är viktigast",
                agreed=7,
                differed=1,
                objections="Ljuset först",
                user_id=official,
            )
        )
        for number, (kind, answer) in enumerate((("parking", ""), ("question", "Redan besvarad")), start=1):
            session.add(
                ChatMessage(
                    meeting_id=meeting.id,
                    uuid=f"{number}" * 36,
                    seq=number,
                    kind=kind,
                    text=f"Sagt vid sidan om {number}",
                    author_user_id=official,
                    answer=answer,
                )
            )
    begin_draft(closed_meeting)
    body = body_of(closed_meeting)
    assert "Läst upp för gruppen: Bänkar är viktigast" in body.points[1].text
    assert "Höll med: 7. Såg det annorlunda: 1." in body.points[1].text
    assert "Invändningar: Ljuset först" in body.points[1].text
    assert [row.what for row in body.questions] == ["Vem sköter rabatterna?", "Sagt vid sidan om 1"]


def test_head_of_the_minutes_is_computed(closed_meeting):
    address = begin_draft(closed_meeting).removesuffix("/edit")
    page = closed_meeting.client("moderator").get(address).text
    assert "12 personer (räknade)" in page
    assert "1 enhet hade anslutit." in page
    assert "4 kort. 1 dolt kort räknas inte." in page
    assert "Olga Official" in page  # the official began the draft
    assert page.count("uppgift saknas") >= 2  # the place, and the leader


def test_beginning_twice_returns_the_same_draft(closed_meeting):
    assert begin_draft(closed_meeting) == begin_draft(closed_meeting, "moderator")


def test_planned_meeting_has_no_minutes(app):
    closed_meeting = a_closed_meeting(app)
    with app.app_context(), write() as session:
        session.get_one(Meeting, closed_meeting.meeting_id).state = "planned"
    answer = closed_meeting.post(
        closed_meeting.client("official"), f"/meetings/{closed_meeting.meeting_id}/minutes"
    )
    assert answer.status_code == 409


def test_draft_is_saved_with_parts_added_moved_and_removed(closed_meeting):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    sent = form_fields(client.get(address).text)
    first, second, _paper, blank = sent["points"]
    sent[f"text-{first}"] = ["Maja hälsade välkommen."]
    sent[f"heading-{blank}"] = ["Övrigt"]
    new = sent["agreed"][-1]
    sent[f"what-{new}"], sent[f"who-{new}"], sent[f"when-{new}"] = ["Måla"], ["Parkchefen"], ["2026-12-01"]
    assert closed_meeting.post(client, address, sent).status_code == 303
    body = body_of(closed_meeting)
    assert body.points[0].text == "Maja hälsade välkommen."
    assert [point.heading for point in body.points] == ["Välkommen", "Runda 1", "Trygghet", "Övrigt"]
    assert body.agreed[1] == Row(new, "Måla", "Parkchefen", "2026-12-01")
    sent = form_fields(client.get(address).text)
    sent["move"] = [f"up points {second}"]
    sent[f"what-{new}"], sent[f"who-{new}"], sent[f"when-{new}"] = [""], [""], [""]
    assert closed_meeting.post(client, address, sent).status_code == 303
    body = body_of(closed_meeting)
    assert [point.heading for point in body.points] == ["Runda 1", "Välkommen", "Trygghet", "Övrigt"]
    assert len(body.agreed) == 1
    assert body.points[0].stage is not None  # its number of cards is still computed


def test_draft_with_a_fault_keeps_all_that_was_typed(closed_meeting):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    sent = form_fields(client.get(address).text)
    point = sent["points"][0]
    sent[f"heading-{point}"] = ["x" * 201]
    sent[f"text-{point}"] = ["Det här får inte försvinna"]
    new = sent["agreed"][-1]
    sent[f"what-{new}"], sent[f"when-{new}"] = ["Sen"], ["i morgon"]
    answer = closed_meeting.post(client, address, sent)
    assert answer.status_code == 400
    assert "Det här får inte försvinna" in answer.text
    assert f'id="heading-{point}-error"' in answer.text
    assert f'id="when-{new}-error"' in answer.text
    assert body_of(closed_meeting).points[0].text == ""


def test_two_writers_in_different_parts_keep_their_texts(closed_meeting):
    address = begin_draft(closed_meeting)
    anna, bo = closed_meeting.client("official"), closed_meeting.client("moderator")
    annas, bos = form_fields(anna.get(address).text), form_fields(bo.get(address).text)
    first, second = annas["points"][:2]
    annas[f"text-{first}"], bos[f"text-{second}"] = ["Annas"], ["Bos"]
    json_headers = {"Accept": "application/json"}
    assert closed_meeting.post(anna, address, annas, headers=json_headers).json["ok"]
    answer = closed_meeting.post(bo, address, bos, headers=json_headers)
    assert answer.status_code == 200
    # Bo's page still shows the first part as it was, and goes on saving without undoing Anna's.
    bos["base"], bos[f"text-{second}"] = [answer.json["base"]], ["Bos, mer"]
    assert closed_meeting.post(bo, address, bos, headers=json_headers).status_code == 200
    assert [point.text for point in body_of(closed_meeting).points[:2]] == ["Annas", "Bos, mer"]


def test_two_writers_in_one_part_keep_both_texts(closed_meeting):
    address = begin_draft(closed_meeting)
    anna, bo = closed_meeting.client("official"), closed_meeting.client("moderator")
    annas, bos = form_fields(anna.get(address).text), form_fields(bo.get(address).text)
    point = annas["points"][0]
    annas[f"text-{point}"], bos[f"text-{point}"] = ["Annas"], ["Bos"]
    assert closed_meeting.post(anna, address, annas).status_code == 303
    by_itself = closed_meeting.post(bo, address, bos, headers={"Accept": "application/json"})
    assert by_itself.status_code == 409
    assert [each.text for each in body_of(closed_meeting).points[:1]] == ["Annas"]
    assert closed_meeting.post(bo, address, bos).status_code == 303
    assert [each.text for each in body_of(closed_meeting).points[:2]] == ["Annas", "Bos"]
    assert "Båda texterna finns kvar" in bo.get(address).text


def test_sent_version_cannot_be_saved(closed_meeting):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    sent = form_fields(client.get(address).text)
    closed_meeting.post(client, address.replace("/edit", "/send"), {"days": "14"})
    assert closed_meeting.post(client, address, sent).status_code == 409
    assert client.get(address).status_code == 303


A, B, C = Point("aaaaaaaa", "A"), Point("bbbbbbbb", "B"), Point("cccccccc", "C")


def shown(*points: Point, **texts: str) -> Body:
    return Body(points=points, **texts)


def test_merging_keeps_additions_and_removals_of_both():
    base = shown(A, B)
    mine, theirs = shown(A, B, C), shown(B)
    assert merge_bodies(fingerprints(base), mine, theirs).body.points == (B, C)


def test_merging_keeps_the_order_of_the_writer_who_moved_a_point():
    base = shown(A, B, C)
    assert merge_bodies(fingerprints(base), base, shown(C, A, B)).body.points == (C, A, B)
    assert merge_bodies(fingerprints(base), shown(B, A, C), base).body.points == (B, A, C)


def test_merging_keeps_a_point_that_one_removed_and_the_other_changed():
    base, changed = shown(A, B), Point("aaaaaaaa", "A", "ny text")
    assert changed in merge_bodies(fingerprints(base), shown(B), shown(changed, B)).body.points
    assert changed in merge_bodies(fingerprints(base), shown(changed, B), shown(B)).body.points


def test_merging_joins_a_text_that_both_changed():
    base = shown(summary="hej")
    merged = merge_bodies(fingerprints(base), shown(summary="mitt"), shown(summary="ditt"))
    assert merged.body.summary == f"ditt{SEPARATOR}mitt"
    assert merged.conflicts == ("summary",)


def test_saving_the_same_page_again_changes_nothing(closed_meeting):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    sent = form_fields(client.get(address).text)
    for _time in range(2):
        assert (
            closed_meeting.post(client, address, sent, headers={"Accept": "application/json"}).status_code
            == 200
        )
    with closed_meeting.app.app_context():
        assert db.session.query(Minutes).one().revision == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"base": ["{"]},
        {"base": [json.dumps([1])]},
        {"base": [json.dumps({"summary": 3})]},
        {"points": ["<script>", "ab", "zzzzzzzz"], "heading-<script>": ["<script>alert(1)</script>"]},
        {"summary": ["a\x00b"]},
        {"summary": ["x" * 3001]},
        {"points": [f"{n:08x}" for n in range(80)]},
        {"move": ["up points nowhere"]},
        {"move": ["sideways"]},
        {"at": ["//evil.example"]},
    ],
)
def test_odd_form_is_refused_or_harmless(closed_meeting, odd):
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting)
    sent = {**form_fields(client.get(address).text), **odd}
    answer = closed_meeting.post(client, address, sent)
    assert answer.status_code in (303, 400)
    page = client.get(address)
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text
    assert "evil" not in (answer.location or "")
