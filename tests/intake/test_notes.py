"""Typed notes: many at once, faulty ones stay in the box, and a double press saves nothing twice."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dialog.intake.parsing import split_lines
from tests import factories
from tests.intake.note_taker import NoteTaker
from tests.pages import PageClient


@pytest.fixture(params=["open", "closed"])
def note_taker(app: Flask, client: PageClient, request: pytest.FixtureRequest) -> NoteTaker:
    return NoteTaker.in_a_meeting(app, client, state=request.param)


def in_box(page: TestResponse) -> str:
    found = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page.text, re.S)
    assert found
    return found.group(1)


def test_each_line_becomes_a_paper_card(note_taker: NoteTaker) -> None:
    answer = note_taker.types(
        "Fler bänkar\r\n\r\n  • Bättre belysning \n– Träd",
        area=str(note_taker.area),
        kind="need",
        table=str(note_taker.table),
        stands_for="4",
    )
    assert answer.status_code == 303
    assert note_taker.texts() == ["Fler bänkar", "Bättre belysning", "Träd"]
    for card in note_taker.cards():
        kept = (card.channel, card.area_id, card.kind_code, card.table_id, card.stands_for, card.state)
        assert kept == ("paper", note_taker.area, "need", note_taker.table, 4, "shown")
        assert card.author_user_id
        assert card.area_source == "staff"
    assert "3 kort sparade" in note_taker.client.get(note_taker.path).text


def test_form_sent_twice_is_saved_once(note_taker: NoteTaker) -> None:
    uuid = note_taker.form_uuid()
    note_taker.types("Ett\nTvå\nEtt", uuid=uuid)
    note_taker.types("Ett\nTvå\nEtt", uuid=uuid)
    assert note_taker.texts() == ["Ett", "Två", "Ett"], "two equal notes are two notes"
    assert "redan sparade" in note_taker.client.get(note_taker.path).text


def test_form_sent_again_with_one_more_line_saves_that_line(note_taker: NoteTaker) -> None:
    uuid = note_taker.form_uuid()
    note_taker.types("Ett\nTvå", uuid=uuid)
    note_taker.types("Noll\nEtt\nTvå", uuid=uuid)
    assert sorted(note_taker.texts()) == ["Ett", "Noll", "Två"]


def test_same_notes_on_a_new_form_are_saved_again(note_taker: NoteTaker) -> None:
    note_taker.types("Ett")
    note_taker.types("Ett")
    assert note_taker.texts() == ["Ett", "Ett"]


def test_good_lines_are_saved_and_faulty_ones_stay_with_reason(note_taker: NoteTaker) -> None:
    long = "å" * 501
    answer = note_taker.types(f"Först\n{long}\n\nSist\nkon\x07stigt", area=str(note_taker.area))
    assert answer.status_code == 400
    assert note_taker.texts() == ["Först", "Sist"]
    assert "Rad 2:" in answer.text
    assert "501 tecken" in answer.text
    assert "Rad 5:" in answer.text
    box = in_box(answer)
    assert long in box
    assert "stigt" in box
    assert "Först" not in box
    assert f'value="{note_taker.area}"' in answer.text
    assert re.search(rf'checked[^>]*value="{note_taker.area}"', answer.text), "the area stays chosen"


def test_corrected_line_is_saved_as_a_new_note(note_taker: NoteTaker) -> None:
    answer = note_taker.types("Först\n" + "x" * 501)
    uuid = re.search(r'name="uuid"[^>]*value="([^"]+)"', answer.text)
    assert uuid
    assert note_taker.types("Kort nu", uuid=uuid.group(1)).status_code == 303
    assert note_taker.texts() == ["Först", "Kort nu"]


def test_five_hundred_notes_are_taken_and_no_more(note_taker: NoteTaker) -> None:
    many = "\n".join(f"Lapp {number}" for number in range(501))
    answer = note_taker.types(many)
    assert answer.status_code == 400
    assert "högst 500" in answer.text
    assert "Lapp 500" in in_box(answer)
    assert note_taker.texts() == []
    assert note_taker.types(many.rpartition("\n")[0]).status_code == 303
    assert note_taker.texts() == [f"Lapp {number}" for number in range(500)]


@pytest.mark.parametrize("notes", ["", "   \n\n\t\n", "\r\n\r\n"])
def test_empty_box_is_refused(note_taker: NoteTaker, notes: str) -> None:
    answer = note_taker.types(notes)
    assert answer.status_code == 400
    assert "minst en lapp" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"area": "999999"}, {"area": "x"}, {"kind": "nonsense"}, {"table": "77777"}, {"stands_for": "0"}],
)
def test_common_fields_are_checked_before_any_line_is_saved(
    note_taker: NoteTaker, wrong: dict[str, str]
) -> None:
    answer = note_taker.types("Behåll mig", **wrong)
    assert answer.status_code == 400
    assert note_taker.texts() == []
    assert "Behåll mig" in in_box(answer)


@pytest.mark.parametrize("uuid", ["", "x", "1" * 400])
def test_form_with_a_bad_uuid_is_still_saved(note_taker: NoteTaker, uuid: str) -> None:
    assert note_taker.types("En lapp", uuid=uuid).status_code == 303
    assert note_taker.texts() == ["En lapp"]


def test_notes_in_any_script_are_saved(note_taker: NoteTaker) -> None:
    notes = ["😀 bänk", "مقعد في الساحة", "广场上的长椅", "<script>alert(1)</script>", "=1+1"]
    assert note_taker.types("\n".join(notes)).status_code == 303
    assert note_taker.texts() == notes


def test_vertical_tab_from_word_does_not_split_a_note() -> None:
    assert [line.text for line in split_lines("Ett\u2028två\n- tre - fyra\n-fem\n1. sex")] == [
        "Ett\u2028två",
        "tre - fyra",
        "-fem",
        "1. sex",
    ]


def test_paper_cards_need_no_approval(app: Flask, client: PageClient) -> None:
    taker = NoteTaker.in_a_meeting(app, client, approval=True)
    assert taker.types("En lapp").status_code == 303
    assert [card.state for card in taker.cards()] == ["shown"]


def test_stranger_cannot_enter_notes(app: Flask, client: PageClient) -> None:
    with app.app_context():
        number = factories.a_meeting().id
    assert client.get(f"/meetings/{number}/paper").status_code == 302
    answer = client.post(f"/meetings/{number}/paper", data={"notes": "x"})
    assert answer.status_code in (302, 400)
