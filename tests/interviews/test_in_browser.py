"""The observer's screen in a browser, on a tablet and with a keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Error, Page, Route, expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db, utcnow, write
from dialog.facilitation.stage_actions import go_to_stage
from dialog.interviews.actions import withdraw_consent
from dialog.meetings.models import Meeting
from dialog.people.models import User
from tests.browser import axe, daily, sign_in
from tests.interviews.groups import a_group
from tests.processes import PATIENCE

# A busy machine may be slow; the wait ends as soon as the page is right.
expect.set_options(timeout=PATIENCE * 1000)

LONG = (
    "Jag åker buss varje dag och den går aldrig i tid, så jag har slutat räkna med att komma fram i tid. " * 4
)


@dataclass
class ServedGroup:
    """A focus group on a real server, by ids."""

    url: str
    meeting: int
    dialogue: int
    questions: list[int]
    moderator: int


@pytest.fixture
def served_group(module_server) -> ServedGroup:
    with module_server.inside() as app:
        group = a_group(app, size=0)
        moderator = group.people["moderator"].id
    url = f"{module_server.url}/meetings/{group.meeting}/interview"
    return ServedGroup(url, group.meeting, group.dialogue, group.questions, moderator)


@pytest.fixture
def observer(open_page, module_server, served_group):
    """Return a function that opens the observer's screen on a device."""

    def opened(device: str = "tablet", **more) -> Page:
        page = open_page(device, **more)
        sign_in(page, module_server, served_group.moderator)
        page.goto(served_group.url)
        return page

    return opened


def take_consent(page: Page, group: str = "4", agreed: str = "3") -> None:
    page.get_by_label("Hur många är ni i gruppen?").fill(group)
    page.get_by_label("Hur många sa ja?").fill(agreed)
    page.get_by_role("button", name="Börja").click()
    expect(page.get_by_role("group", name="Vem talar?")).to_be_visible()


def overflows(page: Page) -> bool:
    return bool(
        page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def stored_notes(server, meeting: int) -> list[tuple[int | None, str | None, str]]:
    with server.inside():
        query = select(Card).where(Card.meeting_id == meeting).order_by(Card.id)
        return [(card.speaker, card.kind_code, card.text) for card in db.session.scalars(query)]


def test_note_and_follow_up_on_a_tablet(observer, module_server, served_group):
    page = observer()
    axe(page)
    take_consent(page)
    axe(page)
    page.locator("label.chip", has_text="Deltagare 2").click()
    page.get_by_label("Citat, ord för ord").check()
    page.get_by_label("Vad som sades").fill("Bussen går aldrig i tid")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator("#notes .idea")).to_have_count(1)
    expect(page.locator("#notes")).to_contain_text("Deltagare 2")
    expect(page.get_by_label("Vad som sades")).to_have_value("")
    first = page.get_by_role("button", name="Kan du ge ett exempel?")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(first).to_have_attribute("aria-pressed", "true")
    assert stored_notes(module_server, served_group.meeting) == [(2, "quote", "Bussen går aldrig i tid")]
    assert not overflows(page)


def test_notes_are_written_by_keyboard_alone(observer, module_server, served_group):
    page = observer("desktop")
    take_consent(page)
    expect(page.get_by_text("På tangentbord: 1–9 väljer")).to_be_visible()
    page.keyboard.press("3")  # nothing has the focus, so the digit chooses, and the text gets the focus
    page.keyboard.type("Vi var 40 i kön")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes .idea")).to_have_count(1)
    page.keyboard.press("Alt+1")
    page.keyboard.type("Samma här")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes .idea")).to_have_count(2)
    page.keyboard.press("Alt+4")  # speaker 4 has not consented, so there is no such chip
    page.keyboard.type("Jag också")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes .idea")).to_have_count(3)
    found = [(speaker, text) for speaker, _kind, text in stored_notes(module_server, served_group.meeting)]
    assert found == [(3, "Vi var 40 i kön"), (1, "Samma här"), (1, "Jag också")]


def test_note_and_closing_check_without_javascript(observer, module_server, served_group):
    page = observer(javascript=False)
    take_consent(page)
    page.locator("label.chip", has_text="Deltagare 1").click()
    page.get_by_label("Vad som sades").fill("Det går på papper också")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator("#notes .idea")).to_have_count(1)
    page.get_by_text("Skriv en avstämning").click()
    page.get_by_label("Sammanfattningen som du läste upp").fill("Bussen är viktigast")
    page.get_by_label("Hur många som höll med").fill("3")
    page.get_by_role("button", name="Spara avstämningen").click()
    expect(page.get_by_text("Höll med: 3.")).to_be_visible()
    assert stored_notes(module_server, served_group.meeting)[0][0] == 1


def go_offline(page: Page) -> None:
    """Go offline once the script has started: without it the page is a form like any other."""
    expect(page.locator("#observe")).to_have_attribute("data-ready", "yes")
    page.context.set_offline(True)


def add_note(page: Page, text: str) -> None:
    page.get_by_label("Vad som sades").fill(text)
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.get_by_label("Vad som sades")).to_have_value("")


def test_three_notes_written_offline_survive_a_reload_and_are_saved_once(
    observer, module_server, served_group, watch
):
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    page = observer()
    take_consent(page)
    page.locator("label.chip", has_text="Deltagare 2").click()
    go_offline(page)
    texts = ["Det första", "Det andra, i en död zon", "Det tredje"]
    for text in texts:
        add_note(page, text)
    waiting = page.locator("#notes .observe__waiting")
    expect(waiting).to_have_count(3)
    for place, text in enumerate(reversed(texts)):
        expect(waiting.nth(place)).to_contain_text(text)
        expect(waiting.nth(place)).to_contain_text("Deltagare 2")
        expect(waiting.nth(place)).to_contain_text("Väntar på nät")
    axe(page)
    page.get_by_label("Vad som sades").fill("Halvskrivet")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)

    # The network comes back badly: the first note arrives, and the answer to it is lost.
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/meetings/*/notes", swallow, times=1)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/notes")):
        page.goto(served_group.url)
    page.goto(served_group.url)  # the page has the note before the device knows that it was saved
    expect(waiting).to_have_count(0)
    expect(page.locator("#notes .idea")).to_have_count(3)
    expect(page.get_by_label("Vad som sades")).to_have_value("Halvskrivet")
    assert stored_notes(module_server, served_group.meeting) == [(2, None, text) for text in texts]
    page.reload()
    expect(page.locator("#notes .idea")).to_have_count(3)
    assert len(stored_notes(module_server, served_group.meeting)) == 3


def test_waiting_notes_are_sent_when_online_and_one_can_be_taken_back(
    observer, module_server, served_group, watch
):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page = observer()
    take_consent(page)
    go_offline(page)
    add_note(page, "Ska ändras")
    add_note(page, "Ska stå")
    wrong = page.locator("#notes .observe__waiting", has_text="Ska ändras")
    wrong.get_by_role("button", name="Ändra texten").click()
    expect(page.get_by_label("Vad som sades")).to_have_value("Ska ändras")
    page.get_by_label("Vad som sades").fill("")
    page.context.set_offline(False)
    expect(page.locator("#notes .idea")).to_have_count(1)
    expect(page.locator("#pad-state")).to_have_text("Sparad ✓")
    assert [text for _who, _kind, text in stored_notes(module_server, served_group.meeting)] == ["Ska stå"]


def test_waiting_note_of_a_speaker_who_withdrew_consent_is_refused(
    observer, module_server, served_group, watch
):
    watch.allow("ERR_INTERNET_DISCONNECTED|status of 403")
    page = observer()
    take_consent(page)
    go_offline(page)
    page.locator("label.chip", has_text="Deltagare 1").click()
    add_note(page, "Sagt av ettan")
    with module_server.inside():
        user = db.session.get_one(User, served_group.moderator)
        withdraw_consent(user, db.session.get_one(Meeting, served_group.meeting), 1)
    page.context.set_offline(False)
    refused = page.locator("#notes .observe__waiting")
    expect(refused).to_contain_text("Deltagare 1 har inte sagt ja")
    expect(refused.get_by_role("button", name="Ändra texten")).to_be_visible()
    assert stored_notes(module_server, served_group.meeting) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_moderator_sees_why_a_quote_stays_hidden(observer, module_server, served_group, watch, javascript):
    watch.allow("status of 403")
    page = observer(javascript=javascript)
    take_consent(page)
    page.locator("label.chip", has_text="Deltagare 1").click()
    page.get_by_label("Vad som sades").fill("Sagt av ettan")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator("#notes .idea")).to_have_count(1)
    page.get_by_text("Gruppen: 4").click()
    page.get_by_role("button", name="Tar tillbaka sitt ja (1)").click()
    expect(page.get_by_text("Inget mer skrivs ner om den personen. 1 kort är dolt.")).to_be_visible()
    page.goto(served_group.url.replace("/interview", "/room?view=wall"))
    page.locator("[data-list=hidden] summary").click()
    page.get_by_role("region", name="Dolda").get_by_role("button", name="Visa kortet").click()
    words = "Den som sa det har tagit tillbaka sitt samtycke, så kortet förblir dolt."
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    page.locator("#log summary").click()
    expect(page.locator("#log")).to_contain_text("Deltagare 1 tog tillbaka sitt samtycke: 1 kort dolt")
    expect(page.locator("#undo")).to_have_count(0)


def test_next_question_changes_nothing_while_the_observer_writes(observer, module_server, served_group):
    page = observer()
    take_consent(page)
    page.get_by_label("Vad som sades").fill("Mitt i en mening")
    with module_server.inside():
        user = db.session.get_one(User, served_group.moderator)
        meeting = db.session.get_one(Meeting, served_group.meeting)
        go_to_stage(user, meeting, served_group.questions[1], served_group.questions[0])
        with write() as session:
            session.get_one(Meeting, served_group.meeting).stage_ends_at = utcnow() + timedelta(minutes=12)
    bar = page.locator("#moved-on")
    expect(bar).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Vad som sades")).to_have_value("Mitt i en mening")
    bar.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Om du fick ändra en enda sak?")
    expect(page.get_by_label("Vad som sades")).to_have_value("Mitt i en mening")
    expect(page.locator("#clock")).to_contain_text("11:")


@pytest.mark.parametrize(
    ("size", "look"),
    daily(("small", {}), ("upright", {}), ("tablet", {"dark": True}), ("tablet", {"forced_colors": True})),
)
def test_observer_screen_fits_every_size_with_long_texts(
    observer, module_server, served_group, size, look, open_page
):
    page = observer(size, **look)
    take_consent(page, "12", "12")
    page.get_by_label("Vad som sades").fill(LONG)
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator("#notes .idea")).to_have_count(1)
    page.get_by_text("Gruppen: 12").click()
    page.get_by_text("Skriv en avstämning").click()
    axe(page)
    assert not overflows(page)
    page.get_by_role("link", name="Alla grupper, fråga för fråga").click()
    axe(page)
    assert not overflows(page)
