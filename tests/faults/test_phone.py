"""A resident's own phone, in a real browser: what was written without network arrives, once and in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PhoneInHand
from tests.faults.evening import size
from tests.processes import PATIENCE

FIRST = "Medan allt är som det ska"
FIVE = [f"Utan nät, tanke {number}" for number in range(1, 6)]


@pytest.fixture(autouse=True)
def patience():
    """A busy machine is slow, and a right answer ends the wait at once."""
    expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture
def in_hand(open_page):
    """Somebody's phone on which the meeting's page is open."""

    def open_(tonight) -> PhoneInHand:
        phone = PhoneInHand.of(open_page, tonight.hall.server.url)
        phone.goes(f"/j/{tonight.hall.code}")
        phone.joins()
        phone.writes(FIRST)
        phone.has_saved(FIRST)
        return phone

    return open_


def of_this_phone(tonight) -> list[str]:
    """What is on disk of what the phone wrote, in the order of the numbers."""
    return [row.text for row in tonight.hall.rows() if row.text in FIVE]


def notes_in_journal(tonight) -> None:
    """The page said «Sparad»: the checker shall hold the server to it."""
    for row in tonight.hall.rows():
        if row.text in (FIRST, *FIVE):
            entry = tonight.journal.sending(row.uuid, row.text)
            tonight.journal.answered(entry, {"ok": True, "id": row.id, "seq": row.seq})


def test_five_cards_written_offline_survive_a_reload(start, evening, in_hand, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    seconds = size(3, 60)
    tonight = evening(start(), phones=2, seed=81)
    phone = in_hand(tonight)
    expect(phone.page.locator("#board")).to_have_attribute("data-cached", "yes")
    with tonight.writing():
        phone.page.context.set_offline(True)
        for text in FIVE:
            phone.writes(text)
        for text in FIVE:
            phone.has_saved(text, "Väntar på nät")
        tonight.lasts(seconds)
        assert not of_this_phone(tonight)
        phone.looks_again()  # the page comes from the phone itself
        for text in FIVE:
            phone.has_saved(text, "Väntar på nät")
        assert not of_this_phone(tonight)
        phone.page.context.set_offline(False)
        for text in FIVE:
            phone.has_saved(text)
        expect(phone.mine.get_by_role("listitem")).to_have_count(6)
    assert of_this_phone(tonight) == FIVE
    notes_in_journal(tonight)
    tonight.holds(offline_s=seconds, cards_written_offline=5)


def test_the_phone_says_that_it_waits_while_the_database_is_away(
    start, evening, in_hand, watch, postgres, migrated_postgres_url
):
    watch.allow("status of 503|WebSocket")
    tonight = evening(start(DATABASE_URL=migrated_postgres_url), phones=2, seed=82)
    phone = in_hand(tonight)
    with tonight.writing():
        with postgres.out_of_connections():
            for text in FIVE:
                phone.writes(text)
            for text in FIVE:
                phone.has_saved(text, "Väntar")
        for text in FIVE:
            phone.has_saved(text)
    assert of_this_phone(tonight) == FIVE
    notes_in_journal(tonight)
    tonight.holds()
