"""Real browsers behind nginx: phones at different workers see each other's cards, websockets or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage
from tests.e2e.networks import NO_WEBSOCKETS
from tests.e2e.people import PhoneInHand
from tests.live.hall import Hall
from tests.processes import PATIENCE
from tests.scale.conftest import Site

pytestmark = pytest.mark.thorough

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture
def phone(site: Site, open_page: OpenPage) -> Callable[..., PhoneInHand]:
    """Return a phone whose cookie binds it to one worker."""

    def at(worker: int, hall: Hall, *, websockets: bool) -> PhoneInHand:
        made = PhoneInHand.of(open_page, site.front.url)
        _, place = site.cookie_to(worker)["Cookie"].split("=")
        made.page.context.add_cookies([{"name": "dialog_place", "value": place, "url": site.front.url}])
        if not websockets:
            made.page.add_init_script(NO_WEBSOCKETS)
        made.goes(f"/j/{hall.code}")
        made.joins()
        return made

    return at


@pytest.mark.parametrize("websockets", [True, False], ids=["websockets", "no websockets"])
def test_phones_at_both_workers_see_each_other(
    site: Site,
    make_hall: Callable[..., Hall],
    phone: Callable[..., PhoneInHand],
    websockets: bool,
) -> None:
    hall = make_hall()
    anna = phone(0, hall, websockets=websockets)
    bo = phone(1, hall, websockets=websockets)
    before = len(site.nginx.lines())
    for writer, reader, text in ((anna, bo, "En tanke från Anna"), (bo, anna, "En tanke från Bo")):
        writer.writes(text)
        writer.has_saved(text)
        reader.sees(text)
    if not websockets:
        ports = {f"127.0.0.1:{worker.port}" for worker in site.workers}
        polled = [line.split() for line in site.nginx.lines()[before:] if " /socket.io 200 " in line]
        assert {words[6] for words in polled} == ports, "both polled, each at its own worker"
    assert sorted(row.text for row in hall.rows()) == ["En tanke från Anna", "En tanke från Bo"]
