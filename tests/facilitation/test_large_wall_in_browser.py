"""A wall of thousands of cards on the moderator's tablet: it opens, is read to its end, and stays still."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from dialog.areas.models import FocusArea
from dialog.bench.sample_cards import add_sample_cards
from dialog.cards.models import Card
from dialog.cards.moderation_actions import hide_card
from dialog.db import db
from dialog.meetings.actor import Actor
from dialog.meetings.queries import meeting_by_id
from dialog.people.models import User
from tests.browser import OpenPage, axe
from tests.e2e.conftest import Hall
from tests.e2e.staff import ModeratorsTablet

CARDS = 2000
FIRST = 30
PAGE = 60


@dataclass(frozen=True)
class Column:
    """A column of the wall, on screen and in the database."""

    tablet: ModeratorsTablet
    hall: Hall
    name: str

    @property
    def region(self) -> Locator:
        return self.tablet.column(self.name)

    @property
    def cards(self) -> Locator:
        return self.region.get_by_role("listitem")

    @property
    def more(self) -> Locator:
        return self.region.get_by_role("link", name=re.compile("^Visa fler"))

    def on_screen(self) -> list[int]:
        return self.cards.evaluate_all("items => items.map((item) => Number(item.dataset.id))")

    def on_disk(self) -> list[int]:
        with self.hall.town.server.inside():
            query = select(Card.id).join(FocusArea, FocusArea.id == Card.area_id)
            query = query.where(FocusArea.name == self.name, Card.meeting_id == self.hall.meeting)
            return list(db.session.scalars(query.where(Card.state == "shown").order_by(Card.id.desc())))

    def scrolls(self, end: bool = True) -> None:
        """To the end of what is there, or back to the newest."""
        place = self.cards.last if end else self.cards.first
        place.evaluate("item => item.scrollIntoView()")


@pytest.fixture
def full(hall: Hall) -> Hall:
    with hall.town.server.inside():
        add_sample_cards(meeting_by_id(hall.meeting), CARDS)
    return hall


def opens(open_page: OpenPage, hall: Hall, *, javascript: bool = True) -> ModeratorsTablet:
    tablet = ModeratorsTablet.of(open_page, hall.url, javascript=javascript)
    tablet.signs_in(hall.town.moderator)
    tablet.goes(f"/meetings/{hall.meeting}/room")
    return tablet


def test_scroll_to_every_card_of_a_column(full: Hall, open_page: OpenPage) -> None:
    tablet = opens(open_page, full)
    column = Column(tablet, full, "Trygghet")
    there = column.on_disk()
    assert len(there) > 6 * PAGE
    expect(column.cards).to_have_count(FIRST)
    tablet.counts("Trygghet", len(there))
    seen = FIRST
    while seen < len(there):
        column.scrolls()
        seen = min(seen + PAGE, len(there))
        expect(column.cards.nth(seen - 1)).to_be_attached()
    expect(column.more).to_be_hidden()
    assert column.on_screen() == there
    # Every other area is as near as before.
    expect(Column(tablet, full, "Grönska").cards).to_have_count(FIRST)
    # Back at the top, what came since makes the column short again, and the rest can be fetched anew.
    column.scrolls(end=False)
    full.others_write(1)
    expect(column.cards.filter(has_text="Kort nummer 1 av 1")).to_be_in_viewport()
    expect(column.more).to_be_attached()
    tablet.counts("Trygghet", len(there) + 1)
    assert column.on_screen() == column.on_disk()[: len(column.on_screen())]


def test_arriving_cards_move_nothing_under_the_reader(full: Hall, open_page: OpenPage) -> None:
    tablet = opens(open_page, full)
    column = Column(tablet, full, "Trygghet")
    column.scrolls()
    expect(column.cards.nth(FIRST + PAGE - 1)).to_be_attached()
    item = column.region.locator(f"[data-id='{column.on_screen()[40]}']")
    handle = item.get_by_label("Hantera kortet")
    handle.evaluate("link => link.scrollIntoView({ block: 'center' })")
    handle.focus()
    before = handle.bounding_box()
    full.others_write(30)
    expect(column.cards.first).to_contain_text("Kort nummer 28 av 30")
    expect(handle).to_be_focused()
    after = handle.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 1
    tablet.page.get_by_label("Vänta med nya kort").check(force=True)
    full.others_write(3)
    tablet.reads("3 nya kort")
    expect(column.cards.first).to_contain_text("Kort nummer 28 av 30")
    tablet.page.get_by_label("Vänta med nya kort").uncheck(force=True)
    expect(column.cards.first).to_contain_text("Kort nummer 1 av 3")


def test_older_cards_by_the_keyboard(full: Hall, open_page: OpenPage) -> None:
    tablet = opens(open_page, full)
    column = Column(tablet, full, "Trygghet")
    column.cards.last.get_by_label("Hantera kortet").focus()
    tablet.page.keyboard.press("Tab")
    # With the keyboard the column grows only when asked to: one more step leads on to the next area.
    expect(column.more).to_be_focused()
    tablet.page.keyboard.press("Enter")
    expect(column.cards).to_have_count(FIRST + PAGE)
    expect(column.cards.nth(FIRST).get_by_label("Hantera kortet")).to_be_focused()
    axe(tablet.page)


@pytest.mark.parametrize("told_by", ["the change", "the list of the hidden"])
def test_card_hidden_far_down_is_no_longer_counted(full: Hall, open_page: OpenPage, told_by: str) -> None:
    tablet = opens(open_page, full)
    column = Column(tablet, full, "Trygghet")
    there = column.on_disk()
    with full.town.server.inside():
        moderator = db.session.scalars(select(User).where(User.email == full.town.moderator)).one()
        card = db.session.get_one(Card, there[-1])
        hide_card(Actor(meeting_by_id(full.meeting), user=moderator), card.id, "dubblett", card.seq)
    if told_by == "the list of the hidden":
        # An act's answer tells that one is hidden and the page fetches it, before the heartbeat tells why.
        tablet.presses("Lås")
    tablet.counts("Trygghet", len(there) - 1)


def test_older_cards_by_links_without_scripts(full: Hall, open_page: OpenPage) -> None:
    tablet = opens(open_page, full, javascript=False)
    column = Column(tablet, full, "Trygghet")
    there = column.on_disk()
    assert column.on_screen() == there[:FIRST]
    column.more.click()
    assert column.on_screen() == there[FIRST : 2 * FIRST]
    column.more.click()
    assert column.on_screen() == there[2 * FIRST : 3 * FIRST]
    column.region.get_by_role("link", name="Visa de nyaste").click()
    assert column.on_screen() == there[:FIRST]
