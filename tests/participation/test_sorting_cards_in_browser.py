"""Participants put cards where they belong: by thumb and by keyboard, with a script and without."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from dialog.cards.actions import move_card
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.facilitation.stage_actions import go_to_stage
from dialog.joining.actions import join_meeting
from dialog.meetings.actor import Actor
from dialog.meetings.models import Meeting, Stage
from dialog.meetings.queries import meeting_by_id
from dialog.people.models import User
from tests.browser import OpenPage, Watch, axe
from tests.e2e.conftest import Hall

#: The least a thumb should have to hit, in CSS pixels.
TARGET = 44


@dataclass(frozen=True)
class Sorting:
    """A meeting in a stage in which everybody sorts the cards; the next one lets nobody."""

    hall: Hall

    def phone(self, open_page: OpenPage, device: str = "phone", **how: bool) -> Page:
        with self.hall.town.server.inside():
            token = join_meeting(self.hall.meeting).token
        page = open_page(device, **how)
        page.context.add_cookies(
            [{"name": f"dialog_p_{self.hall.meeting}", "value": token, "url": self.hall.url}]
        )
        page.goto(f"{self.hall.url}/m/{self.hall.meeting}")
        page.get_by_role("link", name="Sortera korten").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sortera korten")
        return page

    def moderator(self) -> User:
        return db.session.scalars(select(User).where(User.email == self.hall.town.moderator)).one()

    def lies_in(self, text: str) -> str:
        with self.hall.town.server.inside():
            card = db.session.scalars(
                select(Card).where(Card.meeting_id == self.hall.meeting, Card.text == text)
            ).one()
            return card.area.name if card.area else "Inget område"


@pytest.fixture
def sorting(hall: Hall) -> Sorting:
    with hall.town.server.inside(), write() as session:
        meeting = session.get_one(Meeting, hall.meeting)
        meeting.stages = [
            Stage(position=1, name="Skriv", action="collect", may_write=True, may_see=True),
            Stage(position=2, name="Sortera", action="cluster", may_see=True, may_move=True),
            Stage(position=3, name="Slut", action="close", may_see=True),
        ]
        session.flush()
        meeting.stage_id = meeting.stages[0].id
    hall.others_write(3)
    sorting = Sorting(hall)
    with hall.town.server.inside():
        meeting = meeting_by_id(hall.meeting)
        go_to_stage(sorting.moderator(), meeting, meeting.stages[1].id, meeting.stages[0].id)
    return sorting


def card(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_sort_cards_by_thumb(sorting: Sorting, open_page: OpenPage, javascript: bool) -> None:
    page = sorting.phone(open_page, javascript=javascript)
    mine = card(page, "Kort nummer 1 av 3")
    where, move = mine.get_by_label("Flytta till …"), mine.get_by_role("button", name="Flytta")
    for target in (where, move):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if javascript:
        axe(page)
    where.select_option(label="Kultur och fritid")
    move.tap()
    expect(mine.get_by_label("Flytta till …").locator("option:checked")).to_have_text("Kultur och fritid")
    expect(mine).to_be_in_viewport()  # back where one was
    assert sorting.lies_in("Kort nummer 1 av 3") == "Kultur och fritid"
    mine.get_by_label("Flytta till …").select_option(label="Inget område")
    mine.get_by_role("button", name="Flytta").tap()
    expect(mine.get_by_label("Flytta till …").locator("option:checked")).to_have_text("Inget område")
    assert sorting.lies_in("Kort nummer 1 av 3") == "Inget område"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_sort_cards_by_keyboard_alone(sorting: Sorting, open_page: OpenPage, javascript: bool) -> None:
    page = sorting.phone(open_page, "desktop", javascript=javascript)
    where = card(page, "Kort nummer 2 av 3").get_by_label("Flytta till …")
    for _press in range(30):
        if where.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(where).to_be_focused()
    page.keyboard.press("T")  # Trygghet, as in any list of choices
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(where.locator("option:checked")).to_have_text("Trygghet")
    assert sorting.lies_in("Kort nummer 2 av 3") == "Trygghet"
    page.keyboard.press("Tab")  # one goes on from the card that one moved
    expect(where).to_be_focused()


def test_sort_a_card_that_somebody_else_moved_first(
    sorting: Sorting, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow("status of 409")
    page = sorting.phone(open_page)
    with sorting.hall.town.server.inside():
        meeting = meeting_by_id(sorting.hall.meeting)
        first = db.session.scalars(select(Card).where(Card.text == "Kort nummer 3 av 3")).one()
        move_card(Actor(meeting, user=sorting.moderator()), first.id, None, first.seq)
    mine = card(page, "Kort nummer 3 av 3")
    mine.get_by_label("Flytta till …").select_option(label="Grönska")
    mine.get_by_role("button", name="Flytta").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(mine.get_by_label("Flytta till …").locator("option:checked")).to_have_text("Inget område")
    assert sorting.lies_in("Kort nummer 3 av 3") == "Inget område"


def test_sorting_ends_with_the_stage(sorting: Sorting, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("status of 403")
    page = sorting.phone(open_page)
    with sorting.hall.town.server.inside():
        meeting = meeting_by_id(sorting.hall.meeting)
        go_to_stage(sorting.moderator(), meeting, meeting.stages[2].id, meeting.stages[1].id)
    mine = card(page, "Kort nummer 1 av 3")
    before = sorting.lies_in("Kort nummer 1 av 3")
    mine.get_by_label("Flytta till …").select_option(label="Kultur och fritid")
    mine.get_by_role("button", name="Flytta").tap()
    expect(page.get_by_role("alert")).to_contain_text("Korten ligger kvar där de är")
    expect(page.get_by_role("button", name="Flytta")).to_have_count(0)
    expect(mine).to_be_visible()
    assert sorting.lies_in("Kort nummer 1 av 3") == before
