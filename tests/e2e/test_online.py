"""An opinion from home: found on the start page, sent in a few taps, shown after approval."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dialog.db import db, utcnow
from dialog.dialogues.models import Dialogue
from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Town
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet
from tests.factories import a_meeting

TEXT = "Låt biblioteket ha öppet på söndagar"


@pytest.fixture
def forum(town: Town) -> int:
    """Create a forum that is open now and shows cards after approval."""
    with town.server.inside():
        return a_meeting(
            db.session.get_one(Dialogue, town.dialogue),
            title="Forum om torget",
            form="online",
            approval=True,
            ends_at=utcnow() + timedelta(days=7),
        ).id


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_opinion_is_shown_after_approval(
    town: Town, forum: int, open_page: OpenPage, watch: Watch, javascript: bool
) -> None:
    eva = PhoneInHand.of(open_page, town.url, javascript=javascript)
    eva.goes("/")
    # The whole way is one tap on the start page, the text, an area and one tap: well under a minute.
    eva.follows("Skriv vad du tycker")
    eva.is_asked("Vad skulle få dig att stanna på torget?")
    eva.reads("Det du skickar blir en allmän handling")
    eva.writes(TEXT, "Kultur och fritid")
    eva.has_saved(TEXT, "Sparad ✓ Väntar på godkännande")

    neighbour = PhoneInHand.of(open_page, town.url, javascript=javascript)
    neighbour.goes(f"/m/{forum}")
    neighbour.does_not_see(TEXT)

    moa = ModeratorsTablet.of(open_page, town.url, javascript=javascript)
    moa.signs_in(town.moderator)
    moa.goes(f"/meetings/{forum}/room")
    moa.does_not_see(TEXT)
    moa.approves(TEXT)
    moa.sees(TEXT, "Kultur och fritid")
    if not javascript:
        eva.looks_again()
    eva.has_saved(TEXT)
    expect(eva.card(TEXT)).not_to_contain_text("Väntar")
    neighbour.looks_again()
    neighbour.sees(TEXT, "Kultur och fritid")

    # The second card needs no more steps than the first, in the same text box.
    eva.writes("Och kaffe", "Kultur och fritid")
    eva.has_saved("Och kaffe", "Väntar på godkännande")
    if javascript:
        expect(moa.waiting).to_contain_text("Och kaffe")


def test_first_card_survives_a_double_tap(town: Town, forum: int, open_page: OpenPage) -> None:
    """The first card joins its writer: two taps make one participant with one card."""
    eva = PhoneInHand.of(open_page, town.url)
    eva.goes(f"/m/{forum}")
    eva.begins(TEXT)
    eva.page.get_by_role("button", name="Lägg till").dblclick()
    eva.has_saved(TEXT, "Väntar på godkännande")
    expect(eva.mine.get_by_role("listitem")).to_have_count(1)
