"""A phone in a real browser: cards that were written without network arrive once and in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PhoneInHand
from tests.faults.fault_run import size
from tests.processes import PATIENCE

FIRST = "Medan allt är som det ska"
FIVE = [f"Utan nät, tanke {number}" for number in range(1, 6)]


@pytest.fixture(autouse=True)
def patience():
    """Wait long: a busy machine is slow, and the right answer ends the wait at once."""
    expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture
def in_hand(open_page):
    """Return a phone on which the participant page is open."""

    def open_(run) -> PhoneInHand:
        phone = PhoneInHand.of(open_page, run.hall.server.url)
        phone.goes(f"/j/{run.hall.code}")
        phone.joins()
        phone.writes(FIRST)
        phone.has_saved(FIRST)
        return phone

    return open_


def of_this_phone(run) -> list[str]:
    """Return the saved cards of the phone in the order of their numbers."""
    return [row.text for row in run.hall.rows() if row.text in FIVE]


def notes_in_journal(run) -> None:
    """Note in the journal that the page said «Sparad», so that the checker requires the card."""
    for row in run.hall.rows():
        if row.text in (FIRST, *FIVE):
            entry = run.journal.note_card(row.uuid, row.text)
            run.journal.note_answer(entry, {"ok": True, "id": row.id, "seq": row.seq})


def test_five_cards_written_offline_survive_a_reload(start, fault_run, in_hand, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    seconds = size(3, 60)
    run = fault_run(start(), phones=2, seed=81)
    phone = in_hand(run)
    expect(phone.page.locator("#board")).to_have_attribute("data-cached", "yes")
    with run.writing():
        phone.page.context.set_offline(True)
        for text in FIVE:
            phone.writes(text)
        for text in FIVE:
            phone.has_saved(text, "Väntar på nät")
        run.keep_writing_for(seconds)
        assert not of_this_phone(run)
        phone.looks_again()  # the phone shows its cached page
        for text in FIVE:
            phone.has_saved(text, "Väntar på nät")
        assert not of_this_phone(run)
        phone.page.context.set_offline(False)
        for text in FIVE:
            phone.has_saved(text)
        expect(phone.mine.get_by_role("listitem")).to_have_count(6)
    assert of_this_phone(run) == FIVE
    notes_in_journal(run)
    run.check_promise(offline_s=seconds, cards_written_offline=5)


def test_the_phone_says_that_it_waits_while_the_database_is_away(
    start, fault_run, in_hand, watch, postgres, migrated_postgres_url
):
    watch.allow("status of 503|WebSocket")
    run = fault_run(start(DATABASE_URL=migrated_postgres_url), phones=2, seed=82)
    phone = in_hand(run)
    with run.writing():
        with postgres.out_of_connections():
            for text in FIVE:
                phone.writes(text)
            for text in FIVE:
                phone.has_saved(text, "Väntar")
        for text in FIVE:
            phone.has_saved(text)
    assert of_this_phone(run) == FIVE
    notes_in_journal(run)
    run.check_promise()
