"""The report as people meet it: on a phone, with the keyboard, in the dark, with too much text."""

import pytest
from sqlalchemy import select

from dialog.db import db
from dialog.people.models import User
from dialog.reports import actions
from dialog.work import jobs
from dialog.work.models import Job
from tests.browser import axe, sign_in
from tests.reports.factories import a_card, a_reported_dialogue
from tests.reports.snapshots import HOSTILE

DEVICES = ("phone", "small", "desktop")
SWEDISH = (
    "Vi vill ha ett torg där man kan sitta även när det regnar, där barnen kan leka medan vi pratar, " * 2
)


@pytest.fixture(scope="module")
def published(module_server):
    """The address of a published report with 200 cards, hostile ones among them."""
    with module_server.inside():
        dialogue, meeting, official = a_reported_dialogue()
        area = dialogue.areas[0].id
        for number in range(200):
            a_card(
                meeting,
                official,
                HOSTILE[number % len(HOSTILE)] if number % 3 == 0 else SWEDISH[: 10 + number],
                area_id=area if number % 5 else None,
                kind_code="quote" if number % 50 == 1 else "idea",
                channel="online" if number % 2 else "live",
                stands_for=1 + number % 4,
            )
        report = actions.freeze(official, dialogue.id)
        actions.mark_reviewed(official, report.id)
        actions.publish(official, report.id)
        return f"{module_server.url}/reports/{report.id}"


@pytest.fixture
def draft(module_server):
    """Number of a dialogue with one card, and of its official."""
    with module_server.inside():
        dialogue, _meeting, official = a_reported_dialogue()
        return dialogue.id, official.id


def overflows(page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("size", DEVICES)
def test_report_is_accessible_on_each_device(open_page, published, size):
    page = open_page(size, published)
    axe(page)
    assert not overflows(page)


@pytest.mark.parametrize("look", [{"dark": True}, {"forced_colors": True}])
def test_report_is_accessible_in_the_dark_and_with_forced_colors(open_page, published, look):
    axe(open_page("phone", published, **look))


def test_card_with_markup_is_plain_text_on_the_page(open_page, published):
    page = open_page("desktop", published)
    assert page.locator("article script, article img").count() == 0
    assert page.get_by_text("<script>alert(1)</script>").count() > 0


def test_keyboard_leads_from_a_count_to_its_cards(open_page, published):
    page = open_page("desktop", published)
    bar = page.locator(".report-bars a").first
    bar.focus()
    page.keyboard.press("Enter")
    assert "#area-" in page.url
    supported = page.locator(".report-supported a").first
    supported.focus()
    page.keyboard.press("Enter")
    card = page.locator(f"#{page.url.split('#')[1]}")
    card.wait_for(state="visible")
    assert card.evaluate("node => node.matches(':target')")


def test_report_can_be_read_without_javascript(open_page, published):
    page = open_page("phone", published, javascript=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Ett torg att trivas på"
    assert page.locator(".report-cards li").count() > 190


def test_official_takes_the_report_from_draft_to_public_files(open_page, module_server, draft):
    dialogue, official = draft
    page = open_page("tablet")
    sign_in(page, module_server, official)
    page.goto(f"{module_server.url}/dialogues/{dialogue}/report")
    axe(page)
    page.get_by_role("button", name="Gör en version").click()
    axe(page)
    page.get_by_role("button", name="markera som granskad").click()
    page.get_by_role("button", name="Publicera version 1").click()
    assert page.get_by_text("Den här versionen ändras aldrig").is_visible()

    reader = open_page("phone", page.url)
    reader.get_by_role("link", name="PDF").click()
    axe(reader)
    assert reader.get_by_role("progressbar").is_visible()
    with reader.expect_download() as download, module_server.inside():
        for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
            jobs.run_job(job_id)
    assert download.value.suggested_filename.endswith("-v1.pdf")


def test_withdrawn_version_shows_the_reason_at_its_address(open_page, module_server, draft, watch):
    dialogue, official = draft
    with module_server.inside():
        user = db.session.get(User, official)
        report = actions.freeze(user, dialogue)
        actions.mark_reviewed(user, report.id)
        actions.publish(user, report.id)
        address = f"{module_server.url}/reports/{report.id}"
    page = open_page("tablet")
    sign_in(page, module_server, official)
    page.goto(address)
    page.get_by_text("Dra tillbaka den här versionen").click()
    page.get_by_label("Varför dras den tillbaka?").fill("Fel siffra i tabellen.")
    axe(page)
    page.get_by_role("button", name="Dra tillbaka version").click()
    watch.allow("status of 410")  # the address is there, its content is gone
    visitor = open_page("phone")
    assert visitor.goto(address).status == 410
    assert visitor.get_by_text("Fel siffra i tabellen.").is_visible()
    axe(visitor)


def test_list_of_reports_is_accessible(open_page, module_server, published):
    page = open_page("phone", f"{module_server.url}/reports")
    axe(page)
    assert not overflows(page)
    page.get_by_role("link", name="Ett torg att trivas på").first.click()
    assert "/reports/" in page.url
