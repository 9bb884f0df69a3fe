"""A focus group through its pages: consent, notes, the guide, the closing check and the comparison."""

from __future__ import annotations

import io
import uuid
import zipfile

import pytest
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.cards.models import Card, Speaker
from dialog.db import db
from dialog.interviews import queries
from dialog.reports.facts_queries import gather_snapshot
from dialog.reports.queries import load_dialogue
from tests import factories
from tests.interviews.groups import Group, a_group


@pytest.fixture
def group(app) -> Group:
    return a_group(app)


def cards(group: Group) -> list[Card]:
    with group.app.app_context():
        query = select(Card).where(Card.meeting_id == group.meeting).order_by(Card.id)
        return list(db.session.scalars(query))


def test_observer_takes_consent_before_any_note(app):
    group = a_group(app, size=0)
    page = group.client().get(f"/meetings/{group.meeting}/interview").text
    assert "Först: säger ni ja till det här?" in page
    assert "allmänna handlingar" in page
    assert 'id="pad"' not in page
    assert group.post("/consent", {"group": "4", "agreed": "5"}).status_code == 400
    for wrong in ("0", "13", "", "x", "9" * 40):
        assert group.post("/consent", {"group": wrong, "agreed": "0"}).status_code == 400
    for _pressed_twice in range(2):
        assert group.post("/consent", {"group": "4", "agreed": "3"}).status_code == 303
    with app.app_context():
        speakers = queries.speakers_of(group.meeting)
        assert [bool(speaker.consented_at) for speaker in speakers] == [True, True, True, False]
    page = group.client().get(f"/meetings/{group.meeting}/interview").text
    assert 'id="pad"' in page
    assert 'name="speaker"' in page
    assert 'value="3"' in page
    assert 'name="speaker"\n                     value="4"' not in page


def test_note_is_a_card_with_speaker_question_and_channel(group):
    answer = group.note(
        "Bussen går aldrig i tid", speaker="2", kind="quote", question=str(group.questions[1])
    )
    assert answer.status_code == 303
    (card,) = cards(group)
    assert (card.speaker, card.kind_code, card.channel) == (2, "quote", "interview")
    assert card.stage_id == group.questions[1]  # the question on the screen, not the stage of the meeting
    page = group.client().get(f"/meetings/{group.meeting}/interview?question={group.questions[1]}").text
    assert "Bussen går aldrig i tid" in page
    assert "Deltagare 2" in page
    assert "Deltagare 2" in group.client().get(f"/meetings/{group.meeting}/room").text


def test_note_sent_three_times_is_one_card(group):
    number = str(uuid.uuid4())
    for _time in range(3):
        assert group.note("En gång", uuid=number).status_code == 303
    assert len(cards(group)) == 1
    assert group.note("En annan gång", uuid=number).status_code == 409


def test_note_of_a_speaker_without_consent_is_refused(group):
    for speaker in ("4", "5", "12"):
        refused = group.note("Hemligt", speaker=speaker)
        assert refused.status_code == 403
        assert "Hemligt" in refused.text  # the text is kept on the page
    assert cards(group) == []
    assert group.post("/speakers/4/consent").status_code == 303
    assert group.note("Nu får ni", speaker="4").status_code == 303


def test_withdrawn_consent_hides_cards_until_it_is_given_again(group):
    group.note("Mitt", speaker="1")
    group.note("Också mitt", speaker="1")
    group.note("Ditt", speaker="2")
    before = [card.seq for card in cards(group)]
    for _pressed_twice in range(2):
        assert group.post("/speakers/1/withdraw").status_code == 303
    states = [(card.state, card.speaker) for card in cards(group)]
    assert states == [("hidden", 1), ("hidden", 1), ("shown", 2)]
    hidden = cards(group)[0]
    assert hidden.hidden_reason == "Deltagare 1 har tagit tillbaka sitt samtycke."
    assert hidden.seq > max(before)  # every viewer receives the change
    assert group.note("Mer", speaker="1").status_code == 403
    assert "Mitt" not in group.client().get(f"/dialogues/{group.dialogue}/interviews").text
    assert group.post("/speakers/1/consent").status_code == 303
    assert [card.state for card in cards(group)] == ["shown", "shown", "shown"]
    assert group.note("Mer", speaker="1").status_code == 303


def test_card_hidden_for_another_reason_stays_hidden_after_a_new_consent(group):
    group.note("Ett namn", speaker="1")
    (card,) = cards(group)
    client = group.client()
    data = {"csrf_token": factories.token(client), "reason": "pekar ut någon", "base": card.seq}
    path = f"/meetings/{group.meeting}/cards/{card.id}/hide"
    assert client.post(path, data=data).status_code in (302, 303)
    group.post("/speakers/1/withdraw")
    group.post("/speakers/1/consent")
    assert cards(group)[0].state == "hidden"


def test_newcomer_gets_the_next_number_until_the_group_is_full(group):
    assert group.post("/speakers", {"consents": "1"}).status_code == 303
    assert group.post("/speakers", {"consents": "0"}).status_code == 303
    with group.app.app_context():
        last = queries.speakers_of(group.meeting)[-2:]
        assert [(each.number, bool(each.consented_at)) for each in last] == [(5, True), (6, False)]
    for _more in range(6):
        group.post("/speakers", {"consents": "1"})
    assert group.post("/speakers", {"consents": "1"}).status_code == 409
    with group.app.app_context():
        assert len(queries.speakers_of(group.meeting)) == 12


def test_follow_up_marked_as_asked_shows_on_every_device(group):
    with group.app.app_context():
        from dialog.meetings.models import Stage

        stage = db.session.get_one(Stage, group.questions[0])
        first = queries.follow_ups(stage)[0]
    sent = {"question": str(group.questions[0]), "follow_up": first.key, "asked": "1"}
    for _twice in range(2):
        assert group.post("/asked", sent).status_code == 303
    page = group.client().get(f"/meetings/{group.meeting}/interview").text
    assert page.count('aria-pressed="true"') == 1
    assert group.post("/asked", {**sent, "asked": "0"}).status_code == 303
    assert 'aria-pressed="true"' not in group.client().get(f"/meetings/{group.meeting}/interview").text
    assert group.post("/asked", {**sent, "follow_up": "0" * 64}).status_code == 404
    assert group.post("/asked", {**sent, "question": "999999"}).status_code == 404


def test_closing_check_is_stored_once_and_never_changed(group):
    sent = {"summary": "Bussen är viktigast", "agreed": "2", "differed": "1", "objections": "Inte för mig"}
    for _pressed_twice in range(2):
        assert group.post("/checks", sent).status_code == 303
    assert group.post("/checks", {**sent, "agreed": "9"}).status_code == 400
    assert group.post("/checks", {"summary": ""}).status_code == 400
    assert group.post("/checks", {"summary": "En till", "agreed": "", "differed": ""}).status_code == 303
    page = group.client().get(f"/meetings/{group.meeting}/interview").text
    assert "Höll med: 2. Såg det annorlunda: 1." in page
    assert "Inte för mig" in page
    with group.app.app_context():
        assert [check.agreed for check in queries.checks_of(group.meeting)] == [2, None]


@pytest.mark.parametrize(
    "odd",
    [
        {"text": ""},
        {"text": "x" * 501},
        {"text": "a\x00"},
        {"speaker": "0"},
        {"speaker": "13"},
        {"speaker": "ett"},
        {"speaker": "-1"},
        {"kind": "made up"},
        {"area": "999999"},
        {"uuid": "x"},
        {"question": "x"},
    ],
)
def test_odd_note_is_refused_with_the_text_kept(group, odd):
    answer = group.note("Behåll mig", **odd) if "text" not in odd else group.note(**odd)
    assert answer.status_code == 400
    assert cards(group) == []
    if "text" not in odd:
        assert "Behåll mig" in answer.text


def test_question_of_another_meeting_is_not_found(group, app):
    other = a_group(app)
    assert group.note("Fel", question=str(other.questions[0])).status_code == 404
    assert group.client().get(f"/meetings/{group.meeting}/interview?question=999").status_code == 404


def test_note_api_returns_the_drawn_card(group):
    client = group.client()
    headers = {"X-CSRFToken": factories.token(client)}

    def sends(**more):
        note = {"uuid": str(uuid.uuid4()), "text": "<b>Hej</b>", "speaker": 3, **more}
        return client.post(f"/api/meetings/{group.meeting}/notes", json=note, headers=headers)

    first = str(uuid.uuid4())
    answer = sends(uuid=first)
    assert answer.status_code == 201
    assert "&lt;b&gt;Hej&lt;/b&gt;" in answer.json["html"]
    assert "Deltagare 3" in answer.json["html"]
    again = sends(uuid=first)
    assert (again.status_code, again.json["id"]) == (200, answer.json["id"])
    assert sends(uuid=first, text="Något annat").status_code == 409
    for wrong in ({"text": ""}, {"speaker": "3"}, {"speaker": 13}, {"question": "x"}, {"made": "up"}):
        refused = sends(**wrong)
        assert refused.status_code == 400
        assert refused.json["error"]["code"] == "invalid"
    refused = sends(speaker=4)
    assert refused.status_code == 403
    assert "har inte sagt ja" in refused.json["error"]["message"]
    headers.clear()  # without a CSRF token the answer says so, and no field is at fault
    refused = sends()
    assert refused.json["error"]["code"] == "invalid"
    assert "fields" not in refused.json["error"]
    assert len(cards(group)) == 1


def test_groups_with_the_same_guide_are_compared_side_by_side(app):
    first = a_group(app)
    second = a_group(app, dialogue_id=first.dialogue, title="Grupp 2")
    first.note("Biblioteket", speaker="1", kind="quote", question=str(first.questions[0]))
    first.note("Alla skrattade", question=str(first.questions[0]))
    second.note("=1+1", speaker="2", kind="quote", question=str(second.questions[0]))
    second.note("Utan fråga", speaker="2")
    client = second.client()
    page = client.get(f"/dialogues/{first.dialogue}/interviews").text
    assert page.count("Vad fungerar bra?") == 1
    assert "Grupp 1" in page
    assert "Grupp 2" in page
    assert "2 anteckningar, från 1 person" in page
    assert "«Biblioteket»" in page
    book = client.get(f"/dialogues/{first.dialogue}/interviews.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        words = parts.read("xl/sharedStrings.xml").decode()
        sheets = "".join(parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert "&apos;=1+1" in words or "'=1+1" in words
    assert "<f>" not in sheets
    for path in ("interviews", "interviews.xlsx"):
        assert first.client("colleague").get(f"/dialogues/{first.dialogue}/{path}").status_code == 404


def test_report_names_speakers_by_number_alone(group):
    group.note("Bussen", speaker="2")
    with group.app.app_context():
        dialogue = load_dialogue(group.dialogue)
        facts = [card for area in gather_snapshot(dialogue).areas for card in area.cards]
        assert [card.speaker for card in facts] == [2]
    assert "Deltagare 2" in group.client().get(f"/dialogues/{group.dialogue}/report").text


def test_audit_log_has_numbers_and_no_words(group):
    group.note("Bussen går aldrig", speaker="1")
    group.post("/speakers/1/withdraw")
    with group.app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        assert {"interview.consent", "interview.withdraw"} <= {entry.action for entry in entries}
        assert "Bussen" not in str([entry.details for entry in entries])
        assert db.session.get(Speaker, (group.meeting, 1)).withdrew_at is not None


def test_stranger_finds_nothing(group):
    assert group.client("colleague").get(f"/meetings/{group.meeting}/interview").status_code == 404
    for path in ("/consent", "/notes", "/asked", "/checks", "/speakers", "/speakers/1/withdraw"):
        assert group.post(path, {}, who="colleague").status_code == 404
