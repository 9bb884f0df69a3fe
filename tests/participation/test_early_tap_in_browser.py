"""A hand that is quicker than the phone's own database."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import OpenPage
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand

#: The phone's database opens when the test says so.
SLOW_DATABASE = """
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given);
    let told;
    Object.defineProperty(request, "onsuccess", {
      set(tell) { told = tell; window.letTheDatabaseOpen = () => told.call(request, { target: request }); },
    });
    return request;
  };
"""


def test_card_sent_before_the_page_is_ready_is_drawn_once(hall: Hall, open_page: OpenPage) -> None:
    ada = PhoneInHand.of(open_page, hall.url)
    ada.page.add_init_script(SLOW_DATABASE)
    ada.goes(f"/j/{hall.code}")
    ada.joins()
    ada.page.wait_for_function("() => window.letTheDatabaseOpen")
    ada.writes("Fort gjort")
    expect(ada.card("Fort gjort")).to_have_count(1)
    ada.page.evaluate("() => window.letTheDatabaseOpen()")
    ada.has_saved("Fort gjort")
    expect(ada.mine.get_by_role("listitem")).to_have_count(1)
    assert hall.texts() == ["Fort gjort"]
