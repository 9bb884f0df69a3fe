"""Where no websocket gets through, the phone is live all the same: by long polling, else by plain HTTP."""

from __future__ import annotations

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Page, Request

from dialog.meetings import tickets
from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Hall
from tests.e2e.networks import NO_WEBSOCKETS, only_plain_http
from tests.e2e.people import PhoneInHand
from tests.live_server import SECRET


def joins(hall: Hall, open_page: OpenPage) -> tuple[PhoneInHand, list[str]]:
    """A phone behind such a proxy, and which addresses it posted cards to by plain HTTP."""
    phone = PhoneInHand.of(open_page, hall.url)
    phone.page.add_init_script(NO_WEBSOCKETS)
    plain: list[str] = []

    def asked(request: Request) -> None:
        if request.method == "POST" and "/api/" in request.url:
            plain.append(request.url)

    phone.page.on("request", asked)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    return phone, plain


def is_polling(page: Page) -> None:
    with page.expect_response(lambda answer: "transport=polling&" in answer.url and "sid=" in answer.url):
        pass


def test_live_by_long_polling(hall: Hall, open_page: OpenPage) -> None:
    ada, plain = joins(hall, open_page)
    is_polling(ada.page)
    hall.others_write(1)
    ada.sees("Kort nummer 1 av 1")
    ada.writes("Utan websocket")
    ada.has_saved("Utan websocket")
    assert plain == []
    assert "Utan websocket" in hall.texts()


def test_a_ticket_that_grew_old_is_renewed(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    ada, _plain = joins(hall, open_page)
    is_polling(ada.page)
    with hall.town.server.inside():
        yesterday = TimestampSigner(SECRET).get_timestamp() - 24 * 3600
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TimestampSigner, "get_timestamp", lambda _self: yesterday)
            stale = tickets.ticket_for("participant", 1, hall.meeting)
    watch.allow("ERR_INTERNET_DISCONNECTED|status of 400")
    ada.page.evaluate("(stale) => { document.getElementById('board').dataset.ticket = stale; }", stale)
    ada.page.context.set_offline(True)
    ada.reads("Ingen kontakt")
    ada.page.context.set_offline(False)
    hall.others_write(1)
    ada.sees("Kort nummer 1 av 1")


def test_plain_http_when_nothing_else_gets_through(hall: Hall, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("ERR_FAILED")
    phone = PhoneInHand.of(open_page, hall.url)
    only_plain_http(phone.page.context)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    phone.writes("Bara vanlig http")
    phone.has_saved("Bara vanlig http")
    assert hall.texts() == ["Bara vanlig http"]
