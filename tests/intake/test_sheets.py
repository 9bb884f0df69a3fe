"""The contents of the printed card sheets and table sheets."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.intake.note_taker import NoteTaker
from tests.pages import PageClient


@pytest.fixture
def taker(app: Flask, client: PageClient) -> NoteTaker:
    return NoteTaker.in_a_meeting(app, client)


def sheet(taker: NoteTaker, query: str = "", of: str = "sheets") -> str:
    answer = taker.client.get(f"/meetings/{taker.meeting}/{of}{query}")
    assert answer.status_code == 200
    return answer.text


def slips(page: str) -> int:
    return len(re.findall(r'class="slip"', page))


def test_card_sheet_has_every_field_of_the_notes_form(taker: NoteTaker) -> None:
    page = sheet(taker)
    assert slips(page) == 6
    for words in ("Vad skulle få dig att stanna på torget?", "Trygghet", "Grönska", "Idé", "Runda", "Bord"):
        assert words in page
    assert "Hur många står bakom?" in page
    assert "Kväll på biblioteket" in page
    assert "QR-kod med adressen" not in page


@pytest.mark.parametrize(("query", "count"), [("?per=8", 8), ("?per=7", 6), ("?per=x", 6), ("?tables=1", 12)])
def test_number_of_cards_on_a_page_is_chosen(taker: NoteTaker, query: str, count: int) -> None:
    assert slips(sheet(taker, query)) == count


def test_sheet_has_a_join_code_only_while_it_works(app: Flask, client: PageClient) -> None:
    for state, shown in (("open", True), ("planned", False), ("closed", False)):
        taker = NoteTaker.in_a_meeting(app, client, state=state)
        assert ("QR-kod med adressen" in sheet(taker, "?qr=1")) is shown


def test_each_table_sheet_has_the_question_and_the_rules(taker: NoteTaker) -> None:
    page = sheet(taker, of="sheets/tables")
    assert page.count("Skriv tyst först") == 2
    for words in ("Bord 1", "Bord 2", "allmän handling", "En tanke på varje kort"):
        assert words in page
