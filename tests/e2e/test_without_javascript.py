"""A whole meeting without JavaScript on any device: everything is a form and a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Town
from tests.e2e.people import PhoneInHand, Politician
from tests.e2e.staff import ModeratorsTablet, StaffMember
from tests.e2e.test_whole_meeting import QUESTION, plans_and_opens

TEXT = "Bättre belysning vid bänkarna"


@pytest.mark.thorough
def test_meeting_without_any_script(town: Town, open_page: OpenPage, watch: Watch) -> None:
    watch.allow("status of (400|409|410)")
    moa = ModeratorsTablet.of(open_page, town.url, javascript=False)
    moa.signs_in(town.moderator)
    code = plans_and_opens(moa)
    projector = open_page("projector", moa.makes_a_projector_link(), javascript=False)
    moa.follows("Tillbaka till mötet")
    moa.leads()

    ada = PhoneInHand.of(open_page, town.url, javascript=False)
    ada.types_the_code(code)
    ada.joins()
    bo = PhoneInHand.of(open_page, town.url, javascript=False)
    bo.goes(f"/j/{code}")
    bo.joins()
    moa.starts_next_stage("Runda 1")
    for phone in (ada, bo):
        phone.looks_again()
        phone.is_asked(QUESTION)

    ada.writes(TEXT, "Trygghet", "Behov")
    ada.has_saved(TEXT)
    bo.writes("Pelle på kiosken är bäst")
    refused_cards_keep_their_text(ada)
    bo.looks_again()
    bo.sees(TEXT, "Trygghet")
    projector.reload()
    expect(projector.get_by_text(TEXT)).to_be_visible()

    ada.edits(TEXT, f"{TEXT} på torget")
    ada.has_saved(f"{TEXT} på torget")
    ada.writes("Det här ångrar jag")
    ada.withdraws("Det här ångrar jag")
    ada.does_not_see("Det här ångrar jag")

    moderate(moa, ada, bo)

    moa.follows("Papper")
    moa.types_in_notes(["Soffor med ryggstöd", "x" * 501], "Grönska", "Behov")
    moa.reads("1 kort sparat")
    moa.reads("1 rad kunde inte sparas")
    moa.page.get_by_role("link", name="Kväll på biblioteket").click()
    moa.notes_who_came(12, "Uppskattat")
    moa.closes()
    bo.begins("En sista tanke, när det redan är stängt")
    bo.presses("Lägg till")
    bo.reads("En sista tanke, när det redan är stängt")
    ada.looks_again()
    ada.reads_title("Tack! Mötet är stängt.")
    ada.reads("Du lämnade 1 kort")

    moa.follows("Till sammanställningen")
    moa.freezes_the_report()
    moa.marks_it_reviewed()
    olof = StaffMember.of(open_page, town.url, javascript=False)
    olof.signs_in(town.official)
    olof.page.goto(moa.page.url)
    olof.publishes()
    pia = Politician.of(open_page, town.url, javascript=False)
    pia.page.goto(moa.page.url)
    pia.reads("omkring 12 personer (uppskattat)")
    assert pia.counts() == {
        "Trygghet": {"I rummet": 1, "På papper": 0, "Totalt": 1},
        "Grönska": {"I rummet": 0, "På papper": 1, "Totalt": 1},
        "Kultur och fritid": {"I rummet": 0, "På papper": 0, "Totalt": 0},
        "Totalt": {"I rummet": 1, "På papper": 1, "Totalt": 2},
    }


def refused_cards_keep_their_text(ada: PhoneInHand) -> None:
    ada.begins("   ")
    ada.presses("Lägg till")
    expect(ada.pad).to_have_attribute("aria-invalid", "true")
    ada.reads("Skriv något")

    long = "å" * 501
    ada.writes(long, "Grönska")
    expect(ada.pad).to_have_value(long)
    expect(ada.page.get_by_role("radio", name="Grönska")).to_be_checked()
    ada.reads("Det här är 501 tecken")

    ada.begins("Ett område som inte finns")
    ada.page.get_by_role("radio", name="Grönska").evaluate("radio => { radio.value = 99999 }")
    ada.page.get_by_role("radio", name="Grönska").check()
    ada.presses("Lägg till")
    expect(ada.pad).to_have_value("Ett område som inte finns")
    ada.reads("Det området finns inte i den här dialogen.")
    ada.writes("Ett område som inte finns", "Inget område")
    ada.has_saved("Ett område som inte finns")
    ada.withdraws("Ett område som inte finns")


def moderate(moa: ModeratorsTablet, ada: PhoneInHand, bo: PhoneInHand) -> None:
    text = f"{TEXT} på torget"
    moa.looks_again()
    moa.moves(text, "Kultur och fritid")
    moa.sees(text, "Kultur och fritid")
    moa.undoes()
    moa.sees(text, "Trygghet")

    other = ModeratorsTablet(moa.page.context.new_page(), moa.url)
    other.page.goto(moa.page.url)
    other.handles(text)
    moa.moves(text, "Grönska")
    other.moves(text, "Kultur och fritid")
    other.reads("Någon annan ändrade det här just nu.")
    other.sees(text, "Grönska")
    other.page.close()
    moa.moves(text, "Trygghet")

    moa.hides("Pelle på kiosken är bäst", "Pekar ut en person")
    ada.looks_again()
    ada.does_not_see("Pelle på kiosken är bäst")
    bo.looks_again()
    bo.has_saved("Pelle på kiosken är bäst", "Dold av processledaren: Pekar ut en person")
    moa.undoes()
    ada.looks_again()
    ada.sees("Pelle på kiosken är bäst")
    moa.hides("Pelle på kiosken är bäst", "Pekar ut en person")
