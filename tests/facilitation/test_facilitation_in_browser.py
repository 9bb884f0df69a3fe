"""Two moderators with a tablet each, a phone and the projector: what one does, all see at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dialog.db import db, utcnow, write
from dialog.meetings import timer_actions
from dialog.meetings.actions import create_display_link, set_tables
from dialog.meetings.models import Meeting, Participant, Stage
from dialog.people.models import User
from tests.browser import OpenPage, axe
from tests.e2e.conftest import Hall
from tests.e2e.staff import ModeratorsTablet
from tests.live.hall import new_uuid

STAGES: tuple[dict[str, Any], ...] = (
    {"name": "Tyst skrivande", "minutes": 5, "may_write": True, "holds": True},
    {
        "name": "Runda 1",
        "minutes": 20,
        "may_write": True,
        "may_see": True,
        "follow_ups": "Kan du ge ett exempel?",
    },
    {"name": "Vad händer nu?", "may_see": True},
)


@pytest.fixture
def evening(hall: Hall) -> Hall:
    """The hall with three stages, the first in hiding, and two tables with a tablet each."""
    with hall.town.server.inside(), write() as session:
        meeting = session.get_one(Meeting, hall.meeting)
        meeting.stages = [
            Stage(position=place, action="collect", **values) for place, values in enumerate(STAGES)
        ]
        session.flush()
        meeting.stage = meeting.stages[0]
        timer_actions.start_timer(meeting, utcnow())
        set_tables(session, meeting, 2)
        for table in meeting.tables:
            session.add(
                Participant(meeting_id=meeting.id, kind="table", table_id=table.id, token_hash=new_uuid())
            )
    return hall


def tablet(open_page: OpenPage, evening: Hall, **how: Any) -> Page:
    """The room, on a tablet of its own."""
    moa = ModeratorsTablet.of(open_page, evening.url, **how)
    moa.signs_in(evening.town.moderator)
    expect(moa.page.get_by_role("heading", level=1)).to_have_text("Dialoger")
    moa.goes(f"/meetings/{evening.meeting}/room")
    return moa.page


def undoable(page: Page, words: str) -> None:
    """Expect that «Ångra» would undo this act."""
    expect(page.locator("#undo")).to_contain_text(words)


def test_two_tablets_lead_one_meeting(evening: Hall, open_page: OpenPage) -> None:
    with evening.town.server.inside():
        user = db.session.query(User).filter_by(email=evening.town.moderator).one()
        link = create_display_link(user, db.session.get_one(Meeting, evening.meeting))
    projector = open_page("projector", f"{evening.url}/display/{link}")
    evening.others_write(10)
    first, second = tablet(open_page, evening), tablet(open_page, evening)
    expect(first.locator(".device-group.is-quiet")).to_have_count(2)
    expect(first.get_by_role("heading", name=re.compile("Skrivet i det dolda 10"))).to_be_visible()
    expect(projector.get_by_text("Kort nummer 1 av 10")).to_have_count(0)
    axe(first)

    first.get_by_role("button", name="Pausa tiden").click()
    undoable(second, "Pausade tiden")
    left = first.locator("[data-part=left]").inner_text()
    expect(second.locator("[data-part=left]")).to_have_text(left)
    second.get_by_role("button", name="+5 min").click()
    expect(first.locator("[data-part=left]")).to_have_text(re.compile("^9:|^10:"))

    first.locator("#say summary").click()
    first.get_by_label("Säg något till alla enheter").fill("Fika i foajén")
    first.get_by_role("button", name="Skicka meddelandet").click()
    expect(second.locator("#facilitation-said")).to_contain_text("Fika i foajén")
    expect(first.get_by_label("Säg något till alla enheter")).not_to_be_visible()
    expect(projector.get_by_text("Fika i foajén")).to_be_visible()

    second.locator("#reveal summary").click()
    second.get_by_role("button", name="Visa alla 10 dolda kort").click()
    expect(first.get_by_role("heading", name=re.compile("Skrivet i det dolda"))).to_have_count(0)
    first.get_by_role("link", name="Väggen", exact=True).click()
    expect(first.get_by_role("main").get_by_text("Kort nummer 1 av 10")).to_be_visible()
    undoable(first, "10 dolda kort")

    first.get_by_role("button", name="Starta: Runda 1").click()
    expect(second.get_by_role("button", name="Starta: Vad händer nu?")).to_be_visible()
    expect(second.get_by_text("Kan du ge ett exempel?")).to_be_visible()
    # The first tablet dies. The second goes on, and takes back what the first one did.
    first.context.close()
    second.locator("#undo button").click()
    expect(second.get_by_role("button", name="Starta: Runda 1")).to_be_visible()
    undoable(second, "10 dolda kort")
    second.locator("#log summary").click()
    expect(second.locator("#log")).to_contain_text("ångrat")
    axe(second)


def test_lead_a_meeting_without_javascript(evening: Hall, open_page: OpenPage) -> None:
    page = tablet(open_page, evening, javascript=False)
    page.get_by_role("button", name="+1 min").click()
    undoable(page, "1 minut till")
    page.get_by_role("button", name="Lås", exact=True).click()
    expect(page.get_by_text("Låst:")).to_be_visible()
    page.locator("#undo button").click()
    expect(page.get_by_role("button", name="Lås", exact=True)).to_be_visible()
    page.locator("#device-group-0").or_(page.locator(".device-group__open").first).first.click()
    expect(page.get_by_text("Surfplatta 1")).to_be_visible()
    page.get_by_role("button", name="Starta: Runda 1").click()
    here = page.get_by_role("navigation", name="Kvällens moment").locator("[aria-current=step]")
    expect(here).to_contain_text("Runda 1")
