"""The hall's screen: it follows the moderator, pages by itself, and comes back when the server does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dialog.bench.sample_cards import add_sample_cards
from dialog.cards.models import Card
from dialog.db import db, write
from dialog.facilitation.stage_actions import set_display
from dialog.meetings.actions import create_display_link
from dialog.meetings.announcement_actions import announce
from dialog.meetings.models import Meeting
from dialog.meetings.queries import meeting_by_id
from dialog.people.models import User
from tests.browser import OpenPage, Watch, axe
from tests.e2e.conftest import Hall


def screen(open_page: OpenPage, hall: Hall, device: str = "projector") -> Page:
    with hall.town.server.inside():
        token = create_display_link(moderator(hall), meeting_by_id(hall.meeting))
    page = open_page(device, f"{hall.url}/display/{token}")
    expect(page.get_by_text("Direkt")).to_be_visible()
    return page


def moderator(hall: Hall) -> User:
    return db.session.scalars(select(User).where(User.email == hall.town.moderator)).one()


def leads(hall: Hall, act: Callable[[User, Meeting], Any]) -> None:
    """Act as the moderator in another process than the one that serves the screen."""
    with hall.town.server.inside():
        act(moderator(hall), meeting_by_id(hall.meeting))


def shows(hall: Hall, page: Page, view: str) -> None:
    leads(hall, lambda user, meeting: set_display(user, meeting, view))
    expect(page.locator(f"[data-view={view}]")).to_be_visible()


def test_projector_follows_the_moderator_and_reconnects(
    hall: Hall, open_page: OpenPage, watch: Watch
) -> None:
    watch.allow(r"ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket")  # while the server starts anew
    page = screen(open_page, hall)
    code = f"{hall.code[:4]}-{hall.code[4:]}"
    expect(page.locator("[data-view=join]")).to_be_visible()  # nobody has written yet
    expect(page.get_by_text(code)).to_be_visible()
    expect(page.get_by_alt_text("QR-kod som leder till samma plats")).to_be_visible()
    hall.others_write(4)
    expect(page.get_by_role("region", name="Trygghet 2")).to_contain_text("Kort nummer 4 av 4")
    shows(hall, page, "question")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad skulle få dig att stanna på torget?")
    expect(page.get_by_role("region", name="Trygghet 2")).to_be_hidden()
    axe(page)
    leads(hall, lambda user, meeting: announce(user, meeting, "Kaffet är framdukat"))
    expect(page.get_by_text("Kaffet är framdukat")).to_be_visible()
    hall.town.server.restart()
    shows(hall, page, "results")
    expect(page.get_by_text("Resultatet visas när röstningen är stängd.")).to_be_visible()
    with hall.town.server.inside(), write() as session:
        for number, card in enumerate(session.scalars(select(Card).order_by(Card.id))):
            card.dots = number
    shows(hall, page, "wall")
    shows(hall, page, "results")
    results = page.get_by_role("region", name="Flest pluppar")
    expect(results.get_by_role("listitem").first).to_contain_text("Kort nummer 4 av 4")
    expect(results.get_by_role("listitem")).to_have_count(3)
    axe(page)


def test_projector_turns_pages_of_a_full_wall(hall: Hall, open_page: OpenPage) -> None:
    with hall.town.server.inside():
        add_sample_cards(meeting_by_id(hall.meeting), 200)
    page = open_page("projector")
    page.clock.install()
    with hall.town.server.inside():
        token = create_display_link(moderator(hall), meeting_by_id(hall.meeting))
    page.goto(f"{hall.url}/display/{token}")
    expect(page.get_by_text("Direkt")).to_be_visible()
    page.clock.run_for(1000)
    assert whole(page)
    first = texts(page)
    # Four lanes side by side: the newest are one page. When it is calm, older cards come in between.
    page.clock.run_for(12_000)
    expect(page.get_by_text("Äldre kort · Sida")).to_be_visible()
    assert whole(page)
    assert not set(texts(page)) & set(first)
    page.clock.run_for(12_000)
    assert texts(page) == first
    # While somebody writes, what is new stays.
    hall.others_write(1)
    expect(page.get_by_text("Kort nummer 1 av 1")).to_be_visible()
    page.clock.run_for(12_000)
    expect(page.get_by_text("Kort nummer 1 av 1")).to_be_visible()


def texts(page: Page) -> list[str]:
    """The cards that are seen, by their number."""
    cards = page.locator("#wall [data-id]:visible")
    return cards.evaluate_all("items => items.map((item) => item.dataset.id)")


def whole(page: Page) -> bool:
    """Return whether every visible card is within its lane, and every lane within the screen."""
    return page.evaluate(
        """() => [...document.querySelectorAll("#wall [data-id]")].every((item) => {
          const card = item.getBoundingClientRect();
          const lane = item.closest("[data-part=cards]").getBoundingClientRect();
          return !card.height || (card.bottom <= lane.bottom + 1 && lane.bottom <= innerHeight);
        })"""
    )
