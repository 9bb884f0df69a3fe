"""The device: two tabs on one phone, a browser that may keep nothing, and drafts that outlive a crash."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Error, Request, expect

from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Hall
from tests.e2e.networks import only_plain_http
from tests.e2e.people import PhoneInHand

#: A private window of an old browser: no database, and nothing may be written beside it.
NO_STORAGE = """
  Object.defineProperty(window, "indexedDB", { value: undefined });
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
WARNING = "Den här webbläsaren kan inte spara på enheten."


def joins(phone: PhoneInHand, hall: Hall) -> PhoneInHand:
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    expect(phone.page.locator("#board")).to_have_attribute("data-ready", "yes")
    return phone


@pytest.fixture
def ada(hall: Hall, open_page: OpenPage, watch: Watch) -> PhoneInHand:
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    return joins(PhoneInHand.of(open_page, hall.url), hall)


@pytest.fixture
def again(hall: Hall, ada: PhoneInHand) -> PhoneInHand:
    """The same phone's second tab."""
    tab = PhoneInHand(ada.page.context.new_page(), hall.url)
    tab.goes(f"/m/{hall.meeting}")
    expect(tab.page.locator("#board")).to_have_attribute("data-ready", "yes")
    return tab


def test_two_tabs_share_what_waits_and_send_it_once(hall: Hall, ada: PhoneInHand, again: PhoneInHand) -> None:
    sent: list[str] = []

    def asked(request: Request) -> None:
        if request.method == "POST" and "/api/" in request.url:
            sent.append(request.post_data or "")

    only_plain_http(ada.page.context)  # which can be counted
    for tab in (ada, again):
        tab.looks_again()
        expect(tab.page.locator("#board")).to_have_attribute("data-ready", "yes")
    ada.page.context.set_offline(True)
    ada.writes("Från första fliken")
    again.has_saved("Från första fliken", "Väntar på nät")
    again.writes("Från andra fliken")
    ada.has_saved("Från andra fliken", "Väntar på nät")
    ada.page.context.on("response", lambda answer: asked(answer.request))
    ada.page.context.set_offline(False)
    for tab in (ada, again):
        for text in ("Från första fliken", "Från andra fliken"):
            tab.has_saved(text)
            expect(tab.card(text)).to_have_count(1)
    assert hall.texts() == ["Från första fliken", "Från andra fliken"]
    assert len(sent) == 2, sent


def test_card_of_one_tab_is_own_in_the_other(ada: PhoneInHand, again: PhoneInHand) -> None:
    ada.writes("Min egen")
    ada.has_saved("Min egen")
    again.has_saved("Min egen")
    expect(again.page.get_by_role("listitem").filter(has_text="Min egen")).to_have_count(1)


def test_every_tab_has_a_draft_of_its_own(hall: Hall, ada: PhoneInHand, again: PhoneInHand) -> None:
    ada.begins("Första flikens tanke")
    again.begins("Andra flikens tanke")
    for tab, text in ((ada, "Första flikens tanke"), (again, "Andra flikens tanke")):
        tab.looks_again()
        expect(tab.pad).to_have_value(text)
    again.page.close()
    third = PhoneInHand(ada.page.context.new_page(), hall.url)
    third.goes(f"/m/{hall.meeting}")
    expect(third.pad).to_have_value("Andra flikens tanke")
    expect(ada.pad).to_have_value("Första flikens tanke")


def test_a_draft_outlives_a_crash(hall: Hall, ada: PhoneInHand) -> None:
    ada.begins("Mitt i en tanke när allt dog")
    bo = PhoneInHand(ada.page.context.new_page(), hall.url)
    with pytest.raises(Error, match="crash"):
        ada.page.goto("chrome://crash")
    bo.goes(f"/m/{hall.meeting}")
    expect(bo.pad).to_have_value("Mitt i en tanke när allt dog")


def test_browser_without_storage_still_sends(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    bo = PhoneInHand.of(open_page, hall.url)
    bo.page.add_init_script(NO_STORAGE)
    joins(bo, hall)
    bo.writes("Utan lagring")
    bo.has_saved("Utan lagring")
    bo.reads(WARNING)
    bo.page.context.set_offline(True)
    bo.writes("Väntar bara i minnet")
    bo.has_saved("Väntar bara i minnet", "Väntar på nät")
    asked: list[Dialog] = []
    bo.page.once("dialog", lambda dialog: (asked.append(dialog), dialog.dismiss()))
    bo.page.evaluate("() => setTimeout(() => location.reload())")
    bo.has_saved("Väntar bara i minnet", "Väntar på nät")  # asked first, and still here
    bo.page.context.set_offline(False)
    bo.has_saved("Väntar bara i minnet")
    assert [dialog.type for dialog in asked] == ["beforeunload"]
    assert hall.texts() == ["Utan lagring", "Väntar bara i minnet"]


def test_clock_set_back_keeps_the_order_of_cards(hall: Hall, ada: PhoneInHand) -> None:
    ada.page.context.set_offline(True)
    ada.writes("Först")
    ada.has_saved("Först", "Väntar på nät")
    ada.page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }")
    ada.writes("Sedan")
    ada.has_saved("Sedan", "Väntar på nät")
    ada.page.goto("about:blank")
    ada.page.context.set_offline(False)
    ada.goes(f"/m/{hall.meeting}")
    ada.has_saved("Först")
    ada.has_saved("Sedan")
    assert hall.texts() == ["Först", "Sedan"]


def test_waiting_page_asks_the_network_rarely(hall: Hall, ada: PhoneInHand) -> None:
    """Cards that wait do not knock all the time: once for each card written, then with growing pauses."""
    only_plain_http(ada.page.context)
    ada.page.context.route("**/api/**", lambda route: route.abort())
    ada.looks_again()
    tries: list[str] = []
    ada.page.on("request", lambda request: tries.append(request.url) if "/api/" in request.url else None)
    for number in range(5):
        ada.writes(f"Tanke {number}")
        ada.has_saved(f"Tanke {number}", "Väntar på nät")
    with ada.page.expect_request("**/api/**"):
        pass  # it does try again by itself
    assert 5 <= len(tries) <= 12, tries
