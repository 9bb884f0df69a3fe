"""A whole meeting in real browsers: two phones, the moderator's tablet, the projector and the report."""

from __future__ import annotations

import csv
import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from playwright.sync_api import WebSocketRoute, expect
from pypdf import PdfReader

from tests.browser import OpenPage, Watch
from tests.e2e.conftest import Town
from tests.e2e.people import PhoneInHand, Politician, Projector
from tests.e2e.staff import ModeratorsTablet, StaffMember

QUESTION = "Vad är viktigt för dig här?"


@pytest.mark.usefixtures("worker")
def test_meeting_from_plan_to_politician(town: Town, open_page: OpenPage, watch: Watch) -> None:
    moa = ModeratorsTablet.of(open_page, town.url)
    moa.signs_in(town.moderator)
    code = plans_and_opens(moa)
    projector = Projector.of(open_page, moa.makes_a_projector_link(), town.url)
    projector.reads(code)
    moa.page.go_back()
    moa.leads()

    ada = PhoneInHand.of(open_page, town.url)
    ada.types_the_code(code.lower().replace("-", " "))
    ada.joins()
    bo = PhoneInHand.of(open_page, town.url)
    bo.goes(f"/j/{code}")
    bo.reads("visas utan namn")
    bo.joins()
    bo.reads("Just nu skriver vi inga nya kort")

    moa.starts_next_stage("Runda 1")
    for phone in (ada, bo):
        phone.is_asked(QUESTION)

    write_and_see_each_other(ada, bo, moa, projector)
    change_ones_mind(ada, bo, moa, projector)
    moderate(ada, bo, moa, projector)
    two_tabs(moa)

    # The next stage does not take the text box from somebody who writes.
    ada.begins("Ett halvt kort, mitt i en")
    moa.starts_next_stage("Byt bord")
    bo.reads("Just nu skriver vi inga nya kort")
    ada.reads("Nästa moment har börjat – klar?")
    expect(ada.pad).to_have_value("Ett halvt kort, mitt i en")
    ada.presses("Gå vidare")
    ada.reads("Just nu skriver vi inga nya kort")
    moa.starts_next_stage("Runda 2")
    expect(ada.pad).to_have_value("Ett halvt kort, mitt i en")
    ada.writes("Ett helt kort till sist", "Kultur och fritid")
    bo.sees("Ett helt kort till sist", "Kultur och fritid")
    expect(bo.others.get_by_role("listitem").filter(has_text="Ett helt kort")).not_to_contain_text("Behov")

    moa.follows("Papper")
    moa.types_in_notes(["• Soffor med ryggstöd", "– Ett träd som ger skugga"], "Grönska", "Behov")
    moa.reads("2 kort sparade")
    bo.sees("Soffor med ryggstöd")
    projector.shows("Ett träd som ger skugga", "Grönska")

    moa.page.get_by_role("link", name="Väggen").click()
    moa.looks_at("Väggen")
    vote(ada, bo, moa)
    moa.goes_to_the_meetings_page()
    moa.notes_who_came(12, "Räknat")
    moa.closes()
    for phone, cards in ((ada, 2), (bo, 1)):  # hidden cards are in no report
        phone.reads_title("Tack! Mötet är stängt.")
        phone.reads(f"Du lämnade {cards} kort")
    projector.reads("Flest pluppar")  # the result stays; the code is gone
    projector.does_not_show(code)

    read_by_those_who_decide(town, moa, open_page)


def plans_and_opens(moa: ModeratorsTablet) -> str:
    """Plan and open the café dialogue through the pages, and return its code."""
    moa.follows("Torget i mitten")
    moa.follows("Nytt möte")
    moa.fills({"Vad mötet heter": "Kväll på biblioteket", "Plats": "Biblioteket, stora salen"})
    moa.fills({"Dag": "2026-12-01", "Från klockan": "18:00", "Till klockan": "20:30", "Bord": "4"})
    moa.page.get_by_label("Metod", exact=True).select_option(label="Cafédialog")
    moa.presses("Planera mötet")
    moa.opens("Kväll på biblioteket")
    return moa.code()


def write_and_see_each_other(
    ada: PhoneInHand, bo: PhoneInHand, moa: ModeratorsTablet, projector: Projector
) -> None:
    ada.writes("Bättre belysning vid bänkarna", "Trygghet", "Behov")
    bo.sees("Bättre belysning vid bänkarna", "Trygghet")
    ada.has_saved("Bättre belysning vid bänkarna")
    moa.sees("Bättre belysning vid bänkarna", "Trygghet")
    projector.shows("Bättre belysning vid bänkarna", "Trygghet")
    bo.writes("Fler träd", "Grönska")
    ada.sees("Fler träd", "Grönska")
    bo.writes("Pelle på kiosken är bäst", "Inget område")
    moa.sees("Pelle på kiosken är bäst", "Inget område")
    bo.writes("Det här ångrar jag", "Trygghet")
    ada.sees("Det här ångrar jag")
    moa.counts("Trygghet", 2)


def change_ones_mind(ada: PhoneInHand, bo: PhoneInHand, moa: ModeratorsTablet, projector: Projector) -> None:
    bo.edits("Fler träd", "Fler träd som ger skugga åt bänkarna")
    bo.has_saved("Fler träd som ger skugga åt bänkarna")
    for board in (ada, moa):
        board.sees("Fler träd som ger skugga åt bänkarna", "Grönska")
    projector.shows("Fler träd som ger skugga åt bänkarna", "Grönska")
    bo.withdraws("Det här ångrar jag")
    ada.does_not_see("Det här ångrar jag")
    bo.does_not_see("Det här ångrar jag")
    moa.counts("Trygghet", 1)
    projector.does_not_show("Det här ångrar jag")


def moderate(ada: PhoneInHand, bo: PhoneInHand, moa: ModeratorsTablet, projector: Projector) -> None:
    moa.moves("Fler träd som ger skugga åt bänkarna", "Kultur och fritid")
    moa.sees("Fler träd som ger skugga åt bänkarna", "Kultur och fritid")
    ada.sees("Fler träd som ger skugga åt bänkarna", "Kultur och fritid")
    projector.shows("Fler träd som ger skugga åt bänkarna", "Kultur och fritid")
    moa.undoes()
    ada.sees("Fler träd som ger skugga åt bänkarna", "Grönska")

    moa.hides("Pelle på kiosken är bäst", "Pekar ut en person")
    ada.does_not_see("Pelle på kiosken är bäst")
    projector.does_not_show("Pelle på kiosken är bäst")
    bo.has_saved("Pelle på kiosken är bäst", "Dold av processledaren: Pekar ut en person")
    moa.undoes()
    ada.sees("Pelle på kiosken är bäst")
    projector.shows("Pelle på kiosken är bäst", "Inget område")
    bo.has_saved("Pelle på kiosken är bäst")
    moa.hides("Pelle på kiosken är bäst", "Pekar ut en person")
    ada.does_not_see("Pelle på kiosken är bäst")


def vote(ada: PhoneInHand, bo: PhoneInHand, moa: ModeratorsTablet) -> None:
    """Dots are given and taken back; the number on each card is shown when the voting has closed."""
    text = "Soffor med ryggstöd"
    for stage in ("Byt bord", "Runda 3", "Skörd", "Pluppar"):
        moa.starts_next_stage(stage)
    for phone in (ada, bo):
        phone.reads("Du har 5 pluppar att ge")
        phone.gives_a_dot(text)
        phone.reads("Du har 4 pluppar att ge")
    bo.gives_a_dot(text)
    bo.reads("Du har 3 pluppar att ge")
    bo.takes_a_dot_back(text)
    bo.reads("Du har 4 pluppar att ge")
    expect(moa.card(text)).not_to_contain_text("●")
    moa.starts_next_stage("Vad händer nu")
    expect(moa.card(text)).to_contain_text("● 2")
    expect(ada.others.get_by_role("listitem").filter(has_text=text)).to_contain_text("● 2")


def two_tabs(moa: ModeratorsTablet) -> None:
    """Two tabs of the moderator act on one card: the second gets a message and overwrites nothing."""
    other = ModeratorsTablet(moa.page.context.new_page(), moa.url)
    other.page.route_web_socket(re.compile("socket.io"), hears_no_news)
    other.page.goto(moa.page.url)
    text = "Bättre belysning vid bänkarna"
    other.handles(text)
    moa.moves(text, "Kultur och fritid")
    moa.sees(text, "Kultur och fritid")
    other.moves(text, "Grönska")
    other.reads("Någon annan hann ändra det här kortet. Så här är det nu.")
    other.sees(text, "Kultur och fritid")
    moa.sees(text, "Kultur och fritid")
    other.page.close()
    moa.undoes()
    moa.sees(text, "Trygghet")


def hears_no_news(route: WebSocketRoute) -> None:
    """The network is slow: answers come, but not the changes of others."""
    server = route.connect_to_server()

    def to_page(message: str | bytes) -> None:
        if not re.match(r"42\[\"(changes|head)\"", str(message)):
            route.send(message)

    server.on_message(to_page)


def read_by_those_who_decide(town: Town, moa: ModeratorsTablet, open_page: OpenPage) -> None:
    moa.follows("Till sammanställningen")
    live = Politician(moa.page, town.url).counts()
    assert live == {
        "Trygghet": {"I rummet": 1, "På papper": 0, "Totalt": 1},
        "Grönska": {"I rummet": 1, "På papper": 2, "Totalt": 3},
        "Kultur och fritid": {"I rummet": 1, "På papper": 0, "Totalt": 1},
        "Totalt": {"I rummet": 3, "På papper": 2, "Totalt": 5},
    }
    moa.freezes_the_report()
    moa.marks_it_reviewed()
    address = moa.page.url
    olof = StaffMember.of(open_page, town.url, "desktop")
    olof.signs_in(town.official)
    olof.page.goto(address)
    olof.publishes()
    olof.reads("Vem som helst kan läsa den")

    pia = Politician.of(open_page, town.url)
    pia.goes("/")
    pia.follows("Torget i mitten")
    expect(pia.page).to_have_url(address)
    pia.reads("12 personer (räknat)")
    assert pia.counts() == live
    takes_it_home(pia)


def takes_it_home(pia: Politician) -> None:
    """The files have the contents of the page, and nothing that was hidden or withdrawn."""
    pdf = PdfReader(io.BytesIO(pia.downloads("PDF")))
    word = Document(io.BytesIO(pia.downloads("Word")))
    excel = load_workbook(io.BytesIO(pia.downloads("Excel")))
    rows = list(csv.reader(io.StringIO(pia.downloads("CSV").decode("utf-8-sig")), delimiter=";"))
    texts = {
        "PDF": " ".join(" ".join(page.extract_text() for page in pdf.pages).split()),
        "Word": "".join(run.text or "" for run in word.element.iter(qn("w:t"))),
        "Excel": "\n".join(str(cell.value) for sheet in excel for row in sheet.rows for cell in row),
        "CSV": "\n".join(cell for row in rows for cell in row),
    }
    for form, text in texts.items():
        assert "Fler träd som ger skugga åt bänkarna" in text, form
        assert "Ett träd som ger skugga" in text, form
        assert "Pelle" not in text, form
        assert "ångrar" not in text, form
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len([row for row in rows if row]) == 1 + 5
