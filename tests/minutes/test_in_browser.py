"""Minutes in a browser: written on a laptop, corrected on a small phone, also without scripts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from dialog.db import db, write
from dialog.minutes import actions, queries
from dialog.minutes.models import Minutes
from dialog.people.models import User
from tests.browser import axe, daily, sign_in
from tests.minutes.closed_meetings import a_closed_meeting

LONG = "Vi vill ha ett torg där man kan sitta även när det regnar, där barnen kan leka medan vi pratar. " * 3


@dataclass
class ServedMinutes:
    """Minutes of a meeting on a real server, by ids."""

    url: str
    meeting: int
    official: int
    draft: int
    address: str


def overflows(page: Page) -> bool:
    return bool(
        page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def make_minutes(server, *, sent: bool) -> ServedMinutes:
    with server.inside() as app:
        closed_meeting = a_closed_meeting(app)
        with app.test_request_context():
            official = db.session.get_one(User, closed_meeting.people["official"].id)
            draft = actions.begin_draft(official, queries.meeting_by_id(closed_meeting.meeting_id))
            key = ""
            if sent:
                with write() as session:
                    minutes = session.get_one(Minutes, draft.id)
                    text = {**minutes.body["text"], "summary": LONG}
                    text["points"][0]["text"] = LONG + "Ettmycketlångtordsomingaradbrytningarhar" * 4
                    minutes.body = {"text": text}
                _minutes, key = actions.send_draft(official, draft.id, 14)
        return ServedMinutes(
            server.url, closed_meeting.meeting_id, official.id, draft.id, f"{server.url}/minutes/read/{key}"
        )


@pytest.fixture
def draft(module_server) -> ServedMinutes:
    return make_minutes(module_server, sent=False)


@pytest.fixture(scope="module")
def sent(module_server) -> ServedMinutes:
    return make_minutes(module_server, sent=True)


def stored_body(server, number: int):
    with server.inside():
        return queries.read_content(db.session.get_one(Minutes, number))[1]


def test_draft_saves_itself_while_one_writes(open_page, module_server, draft):
    page = open_page("desktop")
    sign_in(page, module_server, draft.official)
    page.goto(f"{draft.url}/minutes/{draft.draft}/edit")
    page.get_by_label("Vad som sades").first.fill("Maja hälsade välkommen")
    expect(page.locator("#save-state")).to_contain_text("Sparat")
    assert stored_body(module_server, draft.draft).points[0].text == "Maja hälsade välkommen"
    page.get_by_role("button", name="Lägg till en punkt").click()
    expect(page.locator("input:focus")).to_have_value("")
    page.keyboard.type("Övrigt")
    page.keyboard.press("Tab")
    page.keyboard.type("Kaffet var gott")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Utkastet är sparat.")).to_be_visible()
    last = stored_body(module_server, draft.draft).points[-1]
    assert (last.heading, last.text) == ("Övrigt", "Kaffet var gott")
    axe(page)


def test_two_laptops_in_one_part_keep_both_texts(open_page, module_server, draft, watch):
    watch.allow("status of 409")
    pages = []
    for _who in range(2):
        page = open_page("desktop")
        sign_in(page, module_server, draft.official)
        page.goto(f"{draft.url}/minutes/{draft.draft}/edit")
        pages.append(page)
    pages[0].get_by_label("Vad som sades").first.fill("Annas text")
    expect(pages[0].locator("#save-state")).to_contain_text("Sparat")
    pages[1].get_by_label("Vad som sades").first.fill("Bos text")
    expect(pages[1].locator("#save-state")).to_contain_text("Någon annan har skrivit")
    pages[1].get_by_role("button", name="Spara", exact=True).click()
    expect(pages[1].get_by_text("Båda texterna finns kvar")).to_be_visible()
    texts = [point.text for point in stored_body(module_server, draft.draft).points]
    assert texts[:2] == ["Annas text", "Bos text"]


def test_draft_is_sent_and_corrected_without_javascript(open_page, module_server, draft, watch):
    watch.allow("status of 400")
    page = open_page("desktop", javascript=False)
    sign_in(page, module_server, draft.official)
    page.goto(f"{draft.url}/meetings/{draft.meeting}/minutes")
    page.get_by_role("link", name="Fortsätt skriva").click()
    page.get_by_label("I korthet").fill("Det blev bänkar")
    page.get_by_role("button", name="Spara, läs igenom och skicka ut").click()
    page.get_by_role("button", name="Skicka ut version 1").click()
    address = page.get_by_label("Adressen", exact=True).input_value()
    reader = open_page("small", address, javascript=False)
    expect(reader.get_by_text("Det blev bänkar")).to_be_visible()
    reader.get_by_label("Vad ska det stå?").fill("Ring mig på 070-123 45 67")
    reader.get_by_role("button", name="Skicka rättelsen").click()
    expect(reader.get_by_role("alert").first).to_contain_text("telefonnummer")
    reader.get_by_role("button", name="Skicka som det är").click()
    expect(reader.get_by_text("Din rättelse har kommit fram")).to_be_visible()
    assert not overflows(reader)


@pytest.mark.parametrize(
    ("size", "look"),
    daily(("small", {}), ("tablet", {}), ("phone", {"dark": True}), ("phone", {"forced_colors": True})),
)
def test_minutes_are_readable_at_every_size_and_look(open_page, sent, size, look, watch):
    watch.allow("status of 400")
    page = open_page(size, sent.address, **look)
    axe(page)
    assert not overflows(page)
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    axe(page)


def test_correction_is_sent_by_keyboard_alone(open_page, sent):
    page = open_page("small", sent.address)
    page.get_by_label("Vad ska det stå?").focus()
    page.keyboard.type("Vi var fjorton")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Din rättelse har kommit fram")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("size", daily("small", ("tablet",)))
def test_pages_of_the_staff_fit_every_size(open_page, module_server, sent, size):
    page = open_page(size)
    sign_in(page, module_server, sent.official)
    for path in (f"/meetings/{sent.meeting}/minutes", f"/minutes/{sent.draft}"):
        page.goto(sent.url + path)
        axe(page)
        assert not overflows(page), path


def test_changes_are_shown_by_more_than_colour(open_page, module_server):
    served = make_minutes(module_server, sent=True)
    with module_server.inside() as app, app.test_request_context():
        official = db.session.get_one(User, served.official)
        newer = actions.begin_draft(official, queries.meeting_by_id(served.meeting))
        with write() as session:
            minutes = session.get_one(Minutes, newer.id)
            text = {**minutes.body["text"], "summary": LONG.replace("torg", "stort torg")}
            minutes.body = {"text": text}
        actions.send_draft(official, newer.id, 14)
    for size in ("small", "desktop"):
        page = open_page(size, f"{served.address}/compare?version=2")
        axe(page)
        assert not overflows(page)
        added = page.locator("ins").first
        assert "underline" in added.evaluate("node => getComputedStyle(node).textDecorationLine")
        assert "tillagt" in (added.text_content() or "")
