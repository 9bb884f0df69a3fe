"""The tablet that a table shares, and the names that a screen reader says for the actions of cards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db
from dialog.meetings.actions import set_tables
from dialog.meetings.models import Meeting
from tests.browser import OpenPage, axe
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet
from tests.factories import write


@pytest.mark.parametrize("javascript", [True, False])
def test_table_says_how_many_stand_behind_a_card(hall: Hall, open_page: OpenPage, javascript: bool) -> None:
    with hall.town.server.inside(), write() as session:
        set_tables(session, session.get_one(Meeting, hall.meeting), 4)
    page = open_page("tablet", f"{hall.url}/j/{hall.code}", javascript=javascript)
    host = PhoneInHand(page, hall.url)
    page.get_by_text("Det här är en surfplatta som bordet delar på").click()
    page.get_by_label("Bordets nummer").fill("3")
    host.joins()
    heads = page.get_by_role("group", name=re.compile("står bakom"))
    expect(heads.get_by_role("radio")).to_have_count(8)
    expect(heads.get_by_role("radio", name="1", exact=True)).to_be_checked()
    heads.get_by_role("radio", name="5", exact=True).check()
    # With a script the words are on the page before they are saved.
    is_saved = host.has_saved if javascript else host.reads
    host.writes("Bänkar med ryggstöd")
    is_saved("Bänkar med ryggstöd")
    expect(heads.get_by_role("radio", name="1", exact=True)).to_be_checked()
    host.writes("Blommor")
    is_saved("Blommor")
    if javascript:
        axe(page)
    with hall.town.server.inside():
        query = select(Card.text, Card.stands_for).where(Card.meeting_id == hall.meeting).order_by(Card.id)
        assert [tuple(row) for row in db.session.execute(query)] == [
            ("Bänkar med ryggstöd", 5),
            ("Blommor", 1),
        ]


def test_buttons_of_a_card_are_named_by_its_first_words(hall: Hall, open_page: OpenPage) -> None:
    """With fifty buttons called «Hantera kortet», a person who cannot see could not tell them apart."""
    long = "En lång tanke om torget, träden och bänkarna som fortsätter långt efter att namnet har tagit slut"
    moderator = ModeratorsTablet.of(open_page, hall.url)
    moderator.signs_in(hall.town.moderator)
    hall.others_write(1)
    moderator.goes(f"/meetings/{hall.meeting}/room")
    main = moderator.page.get_by_role("main")
    drawn = main.get_by_label("Hantera kortet: Kort nummer 1 av 1", exact=True)
    expect(drawn.first).to_be_visible()
    phone = PhoneInHand.of(open_page, hall.url)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    phone.writes(long)
    phone.has_saved(long)
    arrived = main.get_by_label(re.compile("Hantera kortet: En lång tanke om torget.*…$"))
    expect(arrived.first).to_be_visible()
    phone.edits(long, "Kort i stället")
    expect(main.get_by_label("Hantera kortet: Kort i stället", exact=True).first).to_be_visible()
    expect(arrived).to_have_count(0)
