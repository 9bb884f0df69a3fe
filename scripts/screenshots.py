"""Take the screenshots in docs/images: ``make screenshots``.

A server of its own serves the example; a phone joins and writes a card, a moderator and a projector show it.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from dialog.db import db
from dialog.meetings.actions import create_display_link
from dialog.meetings.models import Meeting
from dialog.people.models import Assignment, User
from dialog.reports.models import Report
from scripts.precompress import precompress
from scripts.steps import ROOT, say
from tests.browser import DEVICES, launch_options, sign_in
from tests.live_server import LiveServer

IMAGES = ROOT / "docs" / "images"
WRITTEN = "En bänk i solen vid torget, med ryggstöd så att äldre kan resa sig."
OTHERS = (
    "Belysning längs gångvägen från skolan till badhuset.",
    "Bussen borde gå även efter klockan sju på kvällen.",
    "Låt ungdomarna använda idrottshallen på lördagar.",
    "Någonstans att mötas som inte kostar något.",
    "Hur får vi veta vad som hände med förslagen?",
    "Fler som vill bli ledare i föreningarna – vem frågar dem?",
)


class Example:
    """Ids and addresses of the example that the screenshots need."""

    def __init__(self, server: LiveServer) -> None:
        with server.inside():
            meeting = db.session.scalars(select(Meeting).where(Meeting.join_code.is_not(None))).first()
            report = db.session.scalars(select(Report).order_by(Report.id)).first()
            assert meeting, "the example has no open meeting"
            assert report, "the example has no report"
            leads = select(User).join(Assignment).where(Assignment.dialogue_id == meeting.dialogue_id)
            moderator = db.session.scalars(leads.where(Assignment.role == "moderator")).first()
            assert moderator, "nobody leads the example"
            self.meeting, self.code, self.report = meeting.id, meeting.join_code, report.id
            self.moderator = moderator.id
            self.display = create_display_link(moderator, meeting)


def fill(server: LiveServer, example: Example) -> None:
    """Write cards from several other devices."""
    for number, text in enumerate(OTHERS):
        joined = server.post_json("/api/join", {"code": example.code}).json
        areas = [area["id"] for area in joined["meeting"]["areas"]]
        card = {"uuid": str(uuid.uuid4()), "text": text, "area": areas[number % len(areas)]}
        answer = server.post_json(
            f"/api/meetings/{example.meeting}/cards", card, Authorization=f"Bearer {joined['token']}"
        )
        assert answer.status == 201, answer.text


def draw(browser: Browser, server: LiveServer, example: Example) -> None:
    with visitor(browser, "phone") as page:
        take(page, server.url + "/", "start-phone")
        take(page, f"{server.url}/j/{example.code}", "join-phone")
        page.locator("main form button[type=submit]").first.click()
        page.locator("main textarea").fill(WRITTEN)
        take(page, None, "write-phone")
        page.locator("main form button[type=submit]").first.click()
        page.get_by_text(WRITTEN).first.wait_for()
        take(page, None, "mine-phone")
    with visitor(browser, "tablet") as page:
        sign_in(page, server, example.moderator)
        take(page, f"{server.url}/meetings/{example.meeting}/room", "room-tablet")
    with visitor(browser, "projector") as page:
        take(page, f"{server.url}/display/{example.display}", "wall-projector")
    with visitor(browser, "desktop") as page:
        take(page, f"{server.url}/reports/{example.report}", "report-desktop")


@contextmanager
def visitor(browser: Browser, device: str) -> Iterator[Page]:
    options: dict[str, Any] = DEVICES[device] | {"locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
    context = browser.new_context(**options, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def take(page: Page, url: str | None, name: str) -> None:
    if url:
        page.goto(url)
        page.wait_for_load_state("load")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    say(f"docs/images/{name}.png")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    precompress()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder))
        server.run("demo")
        server.start()
        try:
            example = Example(server)
            fill(server, example)
            draw(playwright.chromium.launch(**launch_options()), server, example)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
