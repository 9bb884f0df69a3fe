"""The preview of notes: every field can be changed, all faults show at once, and an intake can be hidden."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from dialog.audit.models import AuditEntry
from dialog.cards.moderation_actions import hide_card
from dialog.db import db
from dialog.meetings.actor import Actor
from dialog.meetings.models import Activity, Meeting
from dialog.people.models import User
from tests.intake.note_taker import NoteTaker
from tests.pages import PageClient


@pytest.fixture
def taker(app: Flask, client: PageClient) -> NoteTaker:
    return NoteTaker.in_a_meeting(app, client)


TABLE = """Idé;Område;Typ;Bord;Antal;Runda
Fler bänkar;Trygghet;Idé;Bord 2;4 st;1
Träd;grönska;behov;2;;2
Ljus;;;;;
"""


def test_file_is_previewed_before_any_note_is_saved(taker: NoteTaker) -> None:
    preview = taker.chooses(TABLE.encode())
    assert preview.status == 200
    assert taker.texts() == []
    assert preview.column("text") == ["Fler bänkar", "Träd", "Ljus"]
    assert preview.column("place") == ["Rad 2", "Rad 3", "Rad 4"]


def test_every_column_is_saved_and_the_receipt_counts_cards(taker: NoteTaker) -> None:
    saved = taker.chooses(TABLE.encode()).saves(keep_2=None)
    assert "2 kort sparade, 1 utelämnat" in saved.receipt()
    first, second = taker.cards()
    assert (first.area_id, first.kind_code, first.table_id) == (taker.area, "idea", taker.table)
    assert (first.stands_for, first.round, first.channel, first.state) == (4, 1, "paper", "shown")
    assert (second.kind_code, second.stands_for, second.round) == ("need", 1, 2)


def test_common_fields_fill_what_a_row_leaves_out(taker: NoteTaker) -> None:
    preview = taker.chooses(
        TABLE.encode(), area=str(taker.area), kind="question", round="3", channel="interview"
    )
    assert preview.column("area")[2] == str(taker.area)
    assert preview.column("kind")[2] == "question"
    assert preview.column("round") == ["1", "2", "3"]
    preview.saves()
    assert {card.channel for card in taker.cards()} == {"interview"}


def test_typed_notes_can_be_previewed(taker: NoteTaker) -> None:
    preview = taker.pastes("• Ett\n\n– Två")
    assert preview.column("text") == ["Ett", "Två"]
    preview.saves(text_1="Två, ändrad")
    assert taker.texts() == ["Ett", "Två, ändrad"]


FAULTY = f"""text;område;typ;bord;antal;runda
{"x" * 501};Trygghet;;;;
Bra;Skolan;;;;
Också bra;;Klagomål;99;noll;-1
Felfri;;;;;
"""


def test_all_faults_are_shown_at_once_and_no_field_is_lost(taker: NoteTaker) -> None:
    preview = taker.chooses(FAULTY.encode())
    refused = preview.saves(text_3="Felfri, och ändrad")
    assert refused.status == 400
    assert taker.texts() == []
    for said in (
        "Rad 2:",
        "501 tecken",
        "Rad 3:",
        "«Skolan» är inget område",
        "Rad 4:",
        "«Klagomål» är ingen sorts kort",
        "Det bordet finns inte här",
        "heltal från 1 till 100",
        "heltal från 1 till 99",
    ):
        assert said in refused.text
    assert "Rad 5:" not in refused.text
    assert refused.column("text") == ["x" * 501, "Bra", "Också bra", "Felfri, och ändrad"]
    assert refused.column("table")[2] == "99"
    assert refused.column("stands")[2] == "noll"
    mended = refused.saves(
        text_0="Kort", area_1=str(taker.area), kind_2="", table_2="", stands_2="2", round_2=""
    )
    assert "4 kort sparade" in mended.receipt()


def test_faulty_row_may_be_left_out(taker: NoteTaker) -> None:
    taker.chooses(FAULTY.encode()).saves(keep_0=None, keep_1=None, keep_2=None)
    assert taker.texts() == ["Felfri"]


def test_unknown_word_of_many_rows_is_explained_once(taker: NoteTaker) -> None:
    rows = "".join(f"Lapp {number};Torget;Klagomål\n" for number in range(20))
    preview = taker.chooses(f"text;område;typ\n{rows}".encode())
    assert "«Torget» (20 lappar)" in " ".join(preview.text.split())
    looked = preview.sends("check", means_area_0=str(taker.area), means_kind_0="")
    assert set(looked.column("area")) == {str(taker.area)}
    assert "20 kort sparade" in looked.saves().receipt()
    assert {(card.area_id, card.kind_code) for card in taker.cards()} == {(taker.area, None)}


def test_unknown_word_is_explained_and_saved_in_one_press(taker: NoteTaker) -> None:
    preview = taker.chooses("text;område\nA;Torget\n".encode())
    assert preview.saves(means_area_0="").status == 303
    assert [card.area_id for card in taker.cards()] == [None]


def test_duplicates_are_marked_and_a_person_chooses(taker: NoteTaker) -> None:
    taker.types("Fler träd")
    preview = taker.pastes("Fler bänkar!\nfler bänkar\nFler bänkar!\nFler träd\nUnik")
    assert "Nästan samma som rad 1." in preview.text
    assert "Samma som rad 1." in preview.text
    assert "redan ett kort på väggen" in preview.text
    assert preview.column("keep") == ["1", "1", "1", "", "1"], "only what came from paper before is unticked"
    alone = preview.sends("leave")
    assert alone.column("keep") == ["1", "", "", "", "1"]
    alone.saves(keep_1="1")
    assert taker.texts() == ["Fler träd", "Fler bänkar!", "fler bänkar", "Unik"]


def test_same_file_again_starts_with_every_note_left_out(taker: NoteTaker) -> None:
    taker.chooses(TABLE.encode()).saves()
    again = taker.chooses(TABLE.encode())
    assert again.column("keep") == ["", "", ""]
    nothing = again.saves()
    assert nothing.status == 400
    assert "inget att spara" in nothing.text
    assert len(taker.texts()) == 3


def test_preview_saved_twice_gives_one_intake(taker: NoteTaker) -> None:
    preview = taker.chooses(TABLE.encode())
    first, second = preview.saves(), preview.saves()
    assert first.answer.location == second.answer.location
    assert "3 kort sparade" in second.receipt()
    assert len(taker.texts()) == 3


def test_preview_changed_and_saved_again_refuses_saved_notes(taker: NoteTaker) -> None:
    preview = taker.chooses(TABLE.encode())
    preview.saves()
    again = preview.saves(text_0="En helt annan text")
    assert again.status == 400
    assert "redan sparad med en annan text" in again.text
    assert again.column("text")[0] == "En helt annan text"
    assert len(taker.texts()) == 3


def test_control_characters_are_removed_with_a_remark(taker: NoteTaker) -> None:
    preview = taker.chooses("text\nkon\x07stigt \u202eomvänt\n\n  \n".encode())
    assert preview.column("text") == ["konstigt omvänt"]
    assert "togs bort" in preview.text
    assert "2 tomma rader" in preview.text
    assert preview.saves(text_0="med \x01 igen").status == 303
    assert taker.texts() == ["med  igen"]


def test_whole_intake_is_hidden_and_restored(taker: NoteTaker) -> None:
    saved = taker.chooses(TABLE.encode()).saves()
    with taker.app.app_context():
        meeting = db.session.get_one(Meeting, taker.meeting)
        actor = Actor(meeting, user=db.session.scalars(select(User)).first())
        hidden = taker.cards()[0]
        hide_card(actor, hidden.id, "Pekar ut en person", hidden.seq)
    before = {card.id: card.seq for card in taker.cards()}
    receipt = saved.answer.location
    for _press in range(2):
        answer = taker.client.submit(f"{receipt}/hide", {"reason": "Fel möte"}, page=receipt)
        assert answer.status_code == 303
    cards = taker.cards()
    assert {card.state for card in cards} == {"hidden"}
    assert sorted(card.hidden_reason for card in cards) == ["Fel möte", "Fel möte", "Pekar ut en person"]
    assert sum(card.seq > before[card.id] for card in cards) == 2, "each changed card gets one new number"
    assert "2 kort är dolda" in taker.client.get(receipt).text
    taker.client.submit(f"{receipt}/restore", page=receipt)
    assert sorted(card.state for card in taker.cards()) == ["hidden", "shown", "shown"]
    with taker.app.app_context():
        acts = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert acts[-2:] == ["intake.hide", "intake.restore"]


def test_intake_is_undone_from_the_activity_log(taker: NoteTaker) -> None:
    receipt = taker.chooses(TABLE.encode()).saves().answer.location
    number = receipt.rpartition("/")[2]
    room = f"/meetings/{taker.meeting}/room"
    assert "Läste in 3 lappar" in taker.client.get(room).text
    answer = taker.client.submit(f"/meetings/{taker.meeting}/undo", {"act": number}, page=room)
    assert answer.status_code == 303
    assert {card.state for card in taker.cards()} == {"hidden"}
    assert "3 kort är dolda" in taker.client.get(receipt).text
    taker.client.submit(f"{receipt}/restore", page=receipt)
    assert {card.state for card in taker.cards()} == {"shown"}


def test_hiding_an_intake_needs_a_reason(taker: NoteTaker) -> None:
    receipt = taker.chooses(TABLE.encode()).saves().answer.location
    assert taker.client.submit(f"{receipt}/hide", {"reason": " "}, page=receipt).status_code == 400
    assert {card.state for card in taker.cards()} == {"shown"}


def test_notes_saved_without_preview_can_be_hidden(taker: NoteTaker) -> None:
    taker.types("Ett\nTvå")
    with taker.app.app_context():
        act = db.session.scalars(select(Activity)).one()
        assert act.details["cards"] == [card.id for card in taker.cards()]
        assert "Ett" not in str(act.details), "the log holds no texts"
    assert "2 kort" in taker.client.get(taker.path).text


def test_receipt_of_another_meeting_is_not_found(taker: NoteTaker, app: Flask) -> None:
    location = taker.chooses(TABLE.encode()).saves().answer.location
    other = NoteTaker.in_a_meeting(app, taker.client)
    number = location.rpartition("/")[2]
    assert taker.client.get(f"{other.path}/taken/{number}").status_code == 404
    assert taker.client.get(f"{other.path}/taken/999999").status_code == 404


ODD: list[dict[str, str]] = [
    {"rows": "99999999"},
    {"rows": "x"},
    {"rows": "-1"},
    {"uuid-0": "x"},
    {"area-0": "999999"},
    {"area-0": "?"},
    {"area-0": "²"},
    {"kind-0": "nonsense"},
    {"table-0": "²"},
    {"table-0": "9" * 400},
    {"stands-0": "٣"},
    {"stands-0": "9" * 400},
    {"round-0": "1.5"},
    {"channel": "live"},
    {"intake": "x"},
    {"text-0": "\ud800"},
    {"text-0": "x" * 100_000},
    {"place-0": "<script>alert(1)</script>"},
    {"said-area-0": "x", "means-area-0": "999999"},
]


def test_form_that_no_browser_sends_is_no_server_error(taker: NoteTaker) -> None:
    preview = taker.pastes("En lapp")
    for odd in ODD:
        sent = {**preview.fields, "act": "save", **odd}
        encoded = {name: value.encode("utf-8", "replace") for name, value in sent.items()}
        answer = taker.client.post(f"{taker.path}/preview", data=encoded)
        assert answer.status_code in (303, 400), odd
        assert "<script>alert" not in answer.text
    assert all(card.channel in ("paper", "interview") for card in taker.cards())


def test_five_hundred_notes_are_saved_in_one_act(taker: NoteTaker) -> None:
    preview = taker.pastes("\n".join(f"Lapp {number} {uuid.uuid4()}" for number in range(500)))
    assert "500 kort sparade" in preview.saves().receipt()
    with taker.app.app_context():
        assert len(list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "card.add")))) == 1


def test_preview_opened_by_its_address_leads_to_the_form(taker: NoteTaker) -> None:
    assert taker.client.get(f"{taker.path}/preview").location == taker.path
