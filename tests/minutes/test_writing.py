"""Drafting: what is filled in, what is saved, and two who write at once."""

from __future__ import annotations

import json
import re

import pytest

from dialog.chat.models import ChatMessage
from dialog.db import db, write
from dialog.interviews.models import ClosingCheck
from dialog.meetings.models import Meeting
from dialog.minutes import queries
from dialog.minutes.body import Body, Point, Row, fingerprints
from dialog.minutes.merge import SEPARATOR, merge_bodies
from dialog.minutes.models import Minutes
from tests.minutes.evenings import Evening, an_evening


@pytest.fixture
def evening(app) -> Evening:
    return an_evening(app)


def begin(evening: Evening, who: str = "official") -> str:
    """The address of the draft's page."""
    client = evening.client(who)
    answer = evening.post(client, f"/meetings/{evening.meeting}/minutes")
    assert answer.status_code == 303
    return answer.location


def fields(page: str) -> dict[str, list[str]]:
    """What the form on the page would send, as a browser reads it."""
    from html import unescape

    form = page[page.index('id="minutes-form"') : page.index("<template")]
    found: dict[str, list[str]] = {}
    pattern = re.compile(
        r"<input(?P<input>[^>]*)>|<textarea(?P<area>[^>]*)>(?P<text>.*?)</textarea>", re.DOTALL
    )
    for match in pattern.finditer(form):
        attributes = match["input"] or match["area"] or ""
        name = re.search(r'name="([^"]+)"', attributes)
        if name is None or name[1] == "csrf_token":
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        text = match["text"].removeprefix("\n") if match["area"] else (value[1] if value else "")
        found.setdefault(name[1], []).append(unescape(text))
    return found


def body_of(evening: Evening) -> Body:
    with evening.app.app_context():
        draft = queries.draft_of(evening.meeting)
        assert draft is not None
        return queries.read_content(draft)[1]


def test_the_draft_begins_with_what_the_meeting_knows(evening):
    page = evening.client("official").get(begin(evening)).text
    body = body_of(evening)
    assert [point.heading for point in body.points] == ["Välkommen", "Runda 1", "Trygghet"]
    assert body.points[1].text.splitlines() == [
        "Fråga: Vad saknas?",
        "– Fler bänkar",
        "– Vem sköter rabatterna?",
    ]
    assert body.points[2].text == "– Bättre ljus"  # typed in from paper, in whatever stage that was
    assert [row.what for row in body.agreed] == ["Parkchefen svarar före jul"]
    assert [row.what for row in body.questions] == ["Vem sköter rabatterna?"]
    assert "Något elakt" not in page
    assert body.next_steps.startswith("Korten")


def test_what_a_group_confirmed_and_what_was_parked_is_there_too(evening):
    with evening.app.app_context(), write() as session:
        meeting = session.get_one(Meeting, evening.meeting)
        official = evening.people["official"].id
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
    begin(evening)
    body = body_of(evening)
    assert "Läst upp för gruppen: Bänkar är viktigast" in body.points[1].text
    assert "Höll med: 7. Såg det annorlunda: 1." in body.points[1].text
    assert "Invändningar: Ljuset först" in body.points[1].text
    assert [row.what for row in body.questions] == ["Vem sköter rabatterna?", "Sagt vid sidan om 1"]


def test_the_heading_is_computed(evening):
    address = begin(evening).removesuffix("/edit")
    page = evening.client("moderator").get(address).text
    assert "12 personer (räknade)" in page
    assert "1 enhet hade anslutit." in page
    assert "4 kort. 1 dolt kort räknas inte." in page
    assert "Olga Official" in page  # who wrote it
    assert page.count("uppgift saknas") >= 2  # where, and who led


def test_beginning_twice_gives_the_same_draft(evening):
    assert begin(evening) == begin(evening, "moderator")


def test_a_meeting_that_has_not_begun_has_no_minutes(app):
    evening = an_evening(app)
    with app.app_context(), write() as session:
        session.get_one(Meeting, evening.meeting).state = "planned"
    answer = evening.post(evening.client("official"), f"/meetings/{evening.meeting}/minutes")
    assert answer.status_code == 409


def test_what_is_written_is_saved_moved_and_removed(evening):
    client = evening.client("official")
    address = begin(evening)
    sent = fields(client.get(address).text)
    first, second, _paper, blank = sent["points"]
    sent[f"text-{first}"] = ["Maja hälsade välkommen."]
    sent[f"heading-{blank}"] = ["Övrigt"]
    new = sent["agreed"][-1]
    sent[f"what-{new}"], sent[f"who-{new}"], sent[f"when-{new}"] = ["Måla"], ["Parkchefen"], ["2026-12-01"]
    assert evening.post(client, address, sent).status_code == 303
    body = body_of(evening)
    assert body.points[0].text == "Maja hälsade välkommen."
    assert [point.heading for point in body.points] == ["Välkommen", "Runda 1", "Trygghet", "Övrigt"]
    assert body.agreed[1] == Row(new, "Måla", "Parkchefen", "2026-12-01")
    sent = fields(client.get(address).text)
    sent["move"] = [f"up points {second}"]
    sent[f"what-{new}"], sent[f"who-{new}"], sent[f"when-{new}"] = [""], [""], [""]
    assert evening.post(client, address, sent).status_code == 303
    body = body_of(evening)
    assert [point.heading for point in body.points] == ["Runda 1", "Välkommen", "Trygghet", "Övrigt"]
    assert len(body.agreed) == 1
    assert body.points[0].stage is not None  # its number of cards is still computed


def test_a_fault_keeps_everything_that_was_typed(evening):
    client = evening.client("official")
    address = begin(evening)
    sent = fields(client.get(address).text)
    point = sent["points"][0]
    sent[f"heading-{point}"] = ["x" * 201]
    sent[f"text-{point}"] = ["Det här får inte försvinna"]
    new = sent["agreed"][-1]
    sent[f"what-{new}"], sent[f"when-{new}"] = ["Sen"], ["i morgon"]
    answer = evening.post(client, address, sent)
    assert answer.status_code == 400
    assert "Det här får inte försvinna" in answer.text
    assert f'id="heading-{point}-error"' in answer.text
    assert f'id="when-{new}-error"' in answer.text
    assert body_of(evening).points[0].text == ""


def test_two_who_write_in_different_parts_both_stay(evening):
    address = begin(evening)
    anna, bo = evening.client("official"), evening.client("moderator")
    annas, bos = fields(anna.get(address).text), fields(bo.get(address).text)
    first, second = annas["points"][:2]
    annas[f"text-{first}"], bos[f"text-{second}"] = ["Annas"], ["Bos"]
    json_headers = {"Accept": "application/json"}
    assert evening.post(anna, address, annas, headers=json_headers).json["ok"]
    answer = evening.post(bo, address, bos, headers=json_headers)
    assert answer.status_code == 200
    # Bo's page still shows the first part as it was, and goes on saving without undoing Anna's.
    bos["base"], bos[f"text-{second}"] = [answer.json["base"]], ["Bos, mer"]
    assert evening.post(bo, address, bos, headers=json_headers).status_code == 200
    assert [point.text for point in body_of(evening).points[:2]] == ["Annas", "Bos, mer"]


def test_two_who_write_in_one_part_both_stay_too(evening):
    address = begin(evening)
    anna, bo = evening.client("official"), evening.client("moderator")
    annas, bos = fields(anna.get(address).text), fields(bo.get(address).text)
    point = annas["points"][0]
    annas[f"text-{point}"], bos[f"text-{point}"] = ["Annas"], ["Bos"]
    assert evening.post(anna, address, annas).status_code == 303
    by_itself = evening.post(bo, address, bos, headers={"Accept": "application/json"})
    assert by_itself.status_code == 409
    assert [each.text for each in body_of(evening).points[:1]] == ["Annas"]
    assert evening.post(bo, address, bos).status_code == 303
    assert [each.text for each in body_of(evening).points[:2]] == ["Annas", "Bos"]
    assert "Båda texterna finns kvar" in bo.get(address).text


def test_a_sent_version_cannot_be_written_in(evening):
    client = evening.client("official")
    address = begin(evening)
    sent = fields(client.get(address).text)
    evening.post(client, address.replace("/edit", "/send"), {"days": "14"})
    assert evening.post(client, address, sent).status_code == 409
    assert client.get(address).status_code == 303


# --- merging


A, B, C = Point("aaaaaaaa", "A"), Point("bbbbbbbb", "B"), Point("cccccccc", "C")


def shown(*points: Point, **texts: str) -> Body:
    return Body(points=points, **texts)


def test_merging_keeps_additions_and_removals_of_both():
    base = shown(A, B)
    mine, theirs = shown(A, B, C), shown(B)
    assert merge_bodies(fingerprints(base), mine, theirs).body.points == (B, C)


def test_merging_keeps_the_order_of_who_moved_something():
    base = shown(A, B, C)
    assert merge_bodies(fingerprints(base), base, shown(C, A, B)).body.points == (C, A, B)
    assert merge_bodies(fingerprints(base), shown(B, A, C), base).body.points == (B, A, C)


def test_what_one_removed_and_another_changed_stays():
    base, changed = shown(A, B), Point("aaaaaaaa", "A", "ny text")
    assert changed in merge_bodies(fingerprints(base), shown(B), shown(changed, B)).body.points
    assert changed in merge_bodies(fingerprints(base), shown(changed, B), shown(B)).body.points


def test_one_text_changed_by_both_holds_both():
    base = shown(summary="hej")
    merged = merge_bodies(fingerprints(base), shown(summary="mitt"), shown(summary="ditt"))
    assert merged.body.summary == f"ditt{SEPARATOR}mitt"
    assert merged.conflicts == ("summary",)


def test_saving_the_same_page_again_changes_nothing(evening):
    client = evening.client("official")
    address = begin(evening)
    sent = fields(client.get(address).text)
    for _time in range(2):
        assert evening.post(client, address, sent, headers={"Accept": "application/json"}).status_code == 200
    with evening.app.app_context():
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
def test_odd_forms_are_refused_or_harmless(evening, odd):
    client = evening.client("official")
    address = begin(evening)
    sent = {**fields(client.get(address).text), **odd}
    answer = evening.post(client, address, sent)
    assert answer.status_code in (303, 400)
    page = client.get(address)
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text
    assert "evil" not in (answer.location or "")
