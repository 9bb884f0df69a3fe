"""Without network the page opens, cards wait and arrive in order, and only the participant page is cached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dialog.db import utcnow, write
from dialog.meetings.models import Meeting
from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Hall
from tests.e2e.people import PhoneInHand

FIVE = [f"Utan nät, tanke {number}" for number in range(1, 6)]
NO_NETWORK = "Inget nät just nu. Skriv på, vi skickar när nätet är tillbaka."
CUT = "ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|WebSocket|status of (400|401|404|410)"


def wait_until_cached(phone: PhoneInHand) -> None:
    """Wait until the page is cached with its files."""
    expect(phone.page.locator("#board")).to_have_attribute("data-cached", "yes")


def cache_names(page: Page) -> list[str]:
    """Return the names of the caches that the service worker keeps."""
    found: list[str] = page.evaluate("() => caches.keys()")
    return found


@pytest.fixture
def ada(hall: Hall, open_page: OpenPage, watch: Watch) -> PhoneInHand:
    """Return a participant who has joined, and whose phone has cached the page."""
    watch.allow(CUT)
    phone = PhoneInHand.of(open_page, hall.url)
    phone.goes(f"/j/{hall.code}")
    phone.joins()
    expect(phone.page.locator("#board")).to_have_attribute("data-ready", "yes")
    phone.lies_in_a_pocket()
    wait_until_cached(phone)
    return phone


def test_five_cards_survive_a_reload_without_network(hall: Hall, ada: PhoneInHand) -> None:
    ada.writes("Med nät")
    ada.has_saved("Med nät")
    ada.page.context.set_offline(True)
    for text in FIVE:
        ada.writes(text)
    ada.begins("Halvfärdig tanke")
    for text in FIVE:
        ada.has_saved(text, "Väntar på nät")
    ada.looks_again()
    ada.reads(NO_NETWORK)
    expect(ada.pad).to_have_value("Halvfärdig tanke")
    ada.has_saved("Med nät")
    for text in FIVE:
        ada.has_saved(text, "Väntar på nät")
    assert ada.mine.get_by_role("listitem").count() == 6
    ada.writes("Skriven på den sparade sidan")
    assert hall.texts() == ["Med nät"]

    ada.page.context.set_offline(False)
    for text in FIVE:
        ada.has_saved(text)
    ada.has_saved("Skriven på den sparade sidan")
    expect(ada.page.get_by_text(NO_NETWORK)).to_be_hidden()
    assert hall.texts() == ["Med nät", *FIVE, "Skriven på den sparade sidan"]
    ada.looks_again()
    expect(ada.mine.get_by_role("listitem")).to_have_count(7)


def test_the_page_opens_while_the_server_is_away(hall: Hall, ada: PhoneInHand) -> None:
    hall.town.server.kill()
    ada.writes("Servern är borta")
    ada.has_saved("Servern är borta", "Väntar på nät")
    ada.looks_again()
    ada.reads(NO_NETWORK)
    ada.has_saved("Servern är borta", "Väntar på nät")
    hall.town.server.start()
    ada.has_saved("Servern är borta")
    expect(ada.page.get_by_text(NO_NETWORK)).to_be_hidden()
    assert hall.texts() == ["Servern är borta"]


def test_page_opens_in_a_network_that_answers_nothing(hall: Hall, ada: PhoneInHand) -> None:
    """The server accepts connections and answers nothing: the page opens, and the card says that it waits."""
    hall.town.server.freeze()
    ada.looks_again()
    ada.reads(NO_NETWORK)
    ada.writes("Ut i tomma intet")
    ada.has_saved("Ut i tomma intet", "Väntar på nät")
    hall.town.server.thaw()
    ada.has_saved("Ut i tomma intet")
    assert hall.texts() == ["Ut i tomma intet"]


def test_page_cached_for_too_long_is_deleted(hall: Hall, ada: PhoneInHand) -> None:
    ada.page.evaluate(
        """async () => {
          const [name] = await caches.keys();
          const cache = await caches.open(name);
          const page = await cache.match(location.pathname, { ignoreVary: true });
          const headers = new Headers(page.headers);
          headers.set("X-Kept", String(Date.now() - 25 * 3600 * 1000));
          await cache.put(location.pathname, new Response(await page.text(), { headers }));
        }"""
    )
    ada.page.context.set_offline(True)
    assert cannot_open(ada.page)
    assert cache_names(ada.page) == []


def test_cached_page_shows_own_saved_cards(hall: Hall, ada: PhoneInHand) -> None:
    """The server sends the phone's own cards too; they must not look like somebody else's."""
    ada.writes("Sparad efter att sidan lades undan")
    ada.has_saved("Sparad efter att sidan lades undan")
    ada.page.context.set_offline(True)
    ada.looks_again()
    ada.has_saved("Sparad efter att sidan lades undan")
    ada.page.context.set_offline(False)
    hall.others_write(1)
    ada.sees("Kort nummer 1 av 1")
    expect(ada.page.get_by_role("listitem").filter(has_text="Sparad efter")).to_have_count(1)


def test_session_that_ended_offline_is_renewed(hall: Hall, ada: PhoneInHand) -> None:
    """The cached page has an old token; plain HTTP fetches a new one by itself."""
    ada.page.context.set_offline(True)
    ada.looks_again()
    ada.writes("Med gammal sida")
    ada.has_saved("Med gammal sida", "Väntar på nät")
    ada.page.context.clear_cookies(name="dialog_session")
    ada.page.route("**/socket.io/**", lambda route: route.abort())
    ada.page.context.set_offline(False)
    ada.has_saved("Med gammal sida")
    assert hall.texts() == ["Med gammal sida"]


def test_closed_meeting_is_not_cached(hall: Hall, ada: PhoneInHand) -> None:
    assert cache_names(ada.page) == [f"dialog /m/{hall.meeting}"]
    close(hall)
    ada.reads_title("Tack! Mötet är stängt.")
    expect(ada.page.get_by_role("main")).not_to_contain_text("Lägg till")
    ada.page.wait_for_function("async () => (await caches.keys()).length === 0")
    ada.page.context.set_offline(True)
    assert cannot_open(ada.page)


def test_page_is_not_cached_after_leaving(hall: Hall, ada: PhoneInHand) -> None:
    """The cookie is gone: the next person with the tablet must not see the cards of the last one."""
    ada.page.context.clear_cookies()
    ada.looks_again()
    ada.page.goto(hall.url)
    ada.page.wait_for_function("async () => (await caches.keys()).length === 0")
    ada.page.context.set_offline(True)
    assert cannot_open(ada.page, f"{hall.url}/m/{hall.meeting}")


def test_only_the_participant_page_is_cached(hall: Hall, ada: PhoneInHand) -> None:
    contents = ada.page.evaluate(
        """async () => {
          const names = await caches.keys();
          const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())));
          return all.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    pages = [path for path in contents if not path.startswith(("/static/", "/theme/"))]
    assert pages == [f"/m/{hall.meeting}"]
    ada.page.context.set_offline(True)
    for path in (f"/j/{hall.code}", "/", "/sign-in", f"/meetings/{hall.meeting}/room"):
        assert cannot_open(ada.page, hall.url + path), path


def test_card_sent_too_late_says_where_to_send_it(hall: Hall, ada: PhoneInHand) -> None:
    ada.page.context.set_offline(True)
    ada.writes("För sent ute")
    ada.has_saved("För sent ute", "Väntar på nät")
    close(hall, hours=30)
    ada.page.goto("about:blank")
    ada.page.context.set_offline(False)
    ada.goes(f"/m/{hall.meeting}")
    left = ada.page.get_by_role("region", name="Inte skickat, men kvar på enheten")
    expect(left).to_contain_text("För sent ute")
    expect(left).to_contain_text("skicka den till Sjöbo kommun")
    ada.looks_again()
    expect(left).to_contain_text("För sent ute")
    left.get_by_role("button", name="Kasta det").click()
    expect(left).to_be_hidden()
    ada.looks_again()
    expect(ada.page.get_by_role("heading", level=1)).to_be_visible()
    expect(left).to_be_hidden()
    assert hall.texts() == []


def test_late_card_is_taken(hall: Hall, ada: PhoneInHand) -> None:
    ada.page.context.set_offline(True)
    ada.writes("Lite sen")
    ada.begins("Och en påbörjad")
    ada.has_saved("Lite sen", "Väntar på nät")
    close(hall)
    ada.page.goto("about:blank")
    ada.page.context.set_offline(False)
    ada.goes(f"/m/{hall.meeting}")
    ada.reads("har kommit fram ✓")
    expect(ada.page.get_by_role("textbox")).to_have_value("Och en påbörjad")
    ada.presses("Skicka det ändå")
    expect(ada.page.get_by_role("textbox")).to_be_hidden()
    expect(ada.page.get_by_text("har kommit fram ✓")).to_be_visible()
    assert hall.texts() == ["Lite sen", "Och en påbörjad"]


def close(hall: Hall, hours: float = 0) -> None:
    """Close the meeting, *hours* ago."""
    with hall.town.server.inside(), write() as session:
        meeting = session.get_one(Meeting, hall.meeting)
        meeting.state, meeting.closed_at = "closed", utcnow() - timedelta(hours=hours)
        meeting.join_code = None


def cannot_open(page: Page, url: str | None = None) -> bool:
    """Return whether the address cannot be opened without network."""
    context: BrowserContext = page.context
    other = context.new_page()
    try:
        other.goto(url or page.url)
    except Exception as error:
        return "ERR_INTERNET_DISCONNECTED" in str(error) or "ERR_FAILED" in str(error)
    finally:
        other.close()
    return False
