"""A meeting by keyboard only: join, write, move, read the report."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import OpenPage
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand, Politician
from tests.e2e.staff import ModeratorsTablet

#: Most presses of the tabulator before the test gives up; every page here has fewer stops.
STOPS = 80


def tabs_to(page: Page, target: Locator) -> None:
    """Move the focus to the target with the tabulator, and check that it is visible at every stop."""
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            assert has_a_ring(page), f"no visible focus on {target}"
            return
    raise AssertionError(f"{STOPS} steps with the tabulator did not lead to {target}")


def has_a_ring(page: Page) -> bool:
    """Return whether focus is drawn on the element, or on its label (a chip hides its radio button)."""
    return bool(
        page.evaluate(
            """() => {
              const here = document.activeElement;
              return [here, here.nextElementSibling].some((e) => {
                if (!e) return false;
                const style = getComputedStyle(e);
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              });
            }"""
        )
    )


def presses(page: Page, target: Locator, key: str = "Enter") -> None:
    tabs_to(page, target)
    page.keyboard.press(key)


def test_take_part_by_keyboard_alone(hall: Hall, open_page: OpenPage) -> None:
    ada = PhoneInHand(open_page("desktop", hall.url + "/"), hall.url)
    keys = ada.page.keyboard
    tabs_to(ada.page, ada.page.get_by_role("link", name="Hoppa till innehållet"))
    tabs_to(ada.page, ada.page.get_by_label("Koden från mötet"))
    keys.type(hall.code.lower())
    keys.press("Enter")
    presses(ada.page, ada.page.get_by_role("button", name="Var med"))
    expect(ada.pad).to_be_focused()
    keys.type("Bänkar i solen")
    tabs_to(ada.page, ada.page.get_by_role("radio", name="Inget område"))
    keys.press("ArrowUp")
    expect(ada.page.get_by_role("radio", name="Kultur och fritid")).to_be_checked()
    presses(ada.page, ada.page.get_by_role("button", name="Lägg till"))
    ada.has_saved("Bänkar i solen")
    expect(ada.pad).to_be_focused()
    presses(ada.page, ada.mine.locator("summary"))
    presses(ada.page, ada.mine.get_by_role("textbox"), "Control+A")
    keys.type("Bänkar i solen, med ryggstöd")
    presses(ada.page, ada.mine.get_by_role("button", name="Spara", exact=True))
    expect(ada.mine.locator("summary")).to_be_focused()

    moa = ModeratorsTablet.of(open_page, hall.url, "desktop")
    moa.goes("/sign-in")
    page, keys = moa.page, moa.page.keyboard
    tabs_to(page, page.get_by_label("E-post"))
    keys.type(hall.town.moderator)
    tabs_to(page, page.get_by_label("Lösenord"))
    keys.type("en lagom lang mening")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dialoger")
    moa.goes(f"/meetings/{hall.meeting}/room")
    card = moa.card("Bänkar i solen, med ryggstöd")
    presses(page, card.get_by_label("Hantera kortet"))
    tabs_to(page, card.get_by_role("combobox", name="Flytta till …"))
    keys.type("Gr")
    presses(page, card.get_by_role("button", name="Flytta", exact=True))
    moa.sees("Bänkar i solen, med ryggstöd", "Grönska")
    expect(page.get_by_role("button", name="Ångra")).to_be_focused()
    keys.press("Enter")
    moa.sees("Bänkar i solen, med ryggstöd", "Kultur och fritid")
    presses(page, page.get_by_role("contentinfo").locator("summary", has_text="Stäng mötet"))
    presses(page, page.get_by_role("button", name="Stäng mötet nu").last)
    presses(page, page.get_by_role("link", name="Till sammanställningen"))
    presses(page, page.get_by_role("table").get_by_role("link", name="Kultur och fritid"))
    expect(page.get_by_role("heading", name="Kultur och fritid")).to_be_in_viewport()
    assert Politician(page, hall.url).counts()["Kultur och fritid"]["Totalt"] == 1
