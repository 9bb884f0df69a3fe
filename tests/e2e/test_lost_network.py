"""Bad networks and quick taps: no card is lost or saved twice, and nothing on the page jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet

FIVE = [f"Utan nät, tanke {number}" for number in range(1, 6)]


@pytest.fixture
def ada(hall: Hall, open_page: OpenPage) -> PhoneInHand:
    """Return a participant who has joined and can write."""
    phone = PhoneInHand.of(open_page, hall.url)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    expect(phone.pad).to_be_focused()
    return phone


def test_five_cards_wait_for_the_network(hall: Hall, ada: PhoneInHand, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|WebSocket")
    ada.writes("Med nät")
    ada.has_saved("Med nät")
    ada.page.context.set_offline(True)
    for text in FIVE:
        ada.writes(text)
    for text in FIVE:
        ada.has_saved(text, "Väntar på nät")
    assert hall.texts() == ["Med nät"]
    ada.page.context.set_offline(False)
    for text in FIVE:
        ada.has_saved(text, "Sparad ✓")
    assert hall.texts() == ["Med nät", *FIVE]
    ada.looks_again()
    expect(ada.mine.get_by_role("listitem")).to_have_count(6)


def test_double_tap_is_one_card(hall: Hall, ada: PhoneInHand) -> None:
    ada.begins("Två tryck, ett kort")
    ada.page.get_by_role("button", name="Lägg till").dblclick()
    ada.has_saved("Två tryck, ett kort")
    expect(ada.page.get_by_text("Skriv något först.")).to_be_hidden()
    ada.writes("Nästa kort")
    ada.has_saved("Nästa kort")
    assert hall.texts() == ["Två tryck, ett kort", "Nästa kort"]


def test_double_tap_without_scripts_is_one_card(hall: Hall, open_page: OpenPage) -> None:
    bo = PhoneInHand.of(open_page, hall.url, javascript=False)
    bo.goes(f"/j/{hall.code}")
    bo.joins()
    bo.begins("Två tryck, ett kort")
    bo.page.get_by_role("button", name="Lägg till").dblclick()
    bo.has_saved("Två tryck, ett kort")
    assert hall.texts() == ["Två tryck, ett kort"]


def test_twenty_cards_do_not_disturb_a_participant(hall: Hall, ada: PhoneInHand) -> None:
    ada.begins("Mitt i en tanke")
    hall.others_write(20)
    ada.sees("Kort nummer 20 av 20")
    expect(ada.pad).to_be_focused()
    expect(ada.pad).to_have_value("Mitt i en tanke")

    read = ada.others.get_by_role("listitem").filter(has_text="Kort nummer 5 av 20")
    read.scroll_into_view_if_needed()
    before = read.bounding_box()
    hall.others_write(3)
    expect(ada.page.get_by_role("button", name="Visa 3 nya kort")).to_be_attached()
    assert read.bounding_box() == before


def test_twenty_cards_do_not_disturb_the_moderator(hall: Hall, open_page: OpenPage) -> None:
    hall.others_write(3)
    moa = ModeratorsTablet.of(open_page, hall.url)
    moa.signs_in(hall.town.moderator)
    moa.goes(f"/meetings/{hall.meeting}/room")
    card = moa.handles("Kort nummer 2 av 3")
    where = card.get_by_role("combobox", name="Flytta till …")
    where.focus()
    before = where.bounding_box()
    hall.others_write(20)
    moa.reads("20 nya kort")  # they wait while the moderator handles a card
    expect(where).to_be_focused()
    assert where.bounding_box() == before
    moa.page.keyboard.press("Tab")
    moa.page.keyboard.press("Tab")
    expect(card.get_by_text("Dölj …")).to_be_focused()

    handle = card.get_by_label("Hantera kortet")
    handle.press("Enter")
    moa.counts("Trygghet", 8)
    expect(handle).to_be_focused()
    hall.others_write(4)
    moa.counts("Trygghet", 10)
    expect(handle).to_be_focused()
