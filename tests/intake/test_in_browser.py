"""Intake in a browser: with and without scripts, by keyboard, on small screens, and printed sheets."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db, write
from dialog.meetings.actions import set_tables
from dialog.meetings.models import Meeting
from tests import factories
from tests.browser import OpenPage, Watch, axe, sign_in
from tests.intake.office_files import workbook
from tests.live_server import LiveServer

LONG = (
    "Samhällsbyggnadsförvaltningens kväll om torget, gångvägarna och busshållplatserna i tätorten, "
    "och hur de kan bli tryggare, trevligare och tillgängligare för alla som bor här eller hälsar på oss"
)
FILE = workbook(
    ["Text", "Område", "Bord"],
    ["Fler bänkar", "Trygghet", 1],
    ["fler bänkar!", "Skolan", 9],
    ["x" * 501, "", ""],
)


class Evening:
    """A meeting with two tables, and its moderator."""

    def __init__(self, server: LiveServer, question: str = LONG, areas: int = 12) -> None:
        self.server = server
        with server.inside():
            organisation = factories.an_organisation()
            chosen = [factories.an_area(organisation, "Trygghet")]
            chosen += [factories.an_area(organisation, f"Område {n} {LONG[:25]}") for n in range(areas - 1)]
            dialogue = factories.a_dialogue(organisation, areas=tuple(chosen), question=question)
            meeting = factories.a_meeting(dialogue, title=LONG, kinds=("idea", "need", "question", "problem"))
            with write() as session:
                set_tables(session, session.get_one(Meeting, meeting.id), 2)
            self.user = factories.a_user("moderator", organisation, dialogue=dialogue).id
            self.meeting = meeting.id
            self.path = f"{server.url}/meetings/{meeting.id}"

    def shown(self) -> list[str]:
        """Return the texts on the wall."""
        with self.server.inside():
            query = select(Card.text).where(Card.meeting_id == self.meeting, Card.state == "shown")
            return list(db.session.scalars(query.order_by(Card.id)))

    def page(self, open_page: OpenPage, device: str, path: str, *, javascript: bool = True) -> Page:
        page = open_page(device, javascript=javascript)
        sign_in(page, self.server, self.user)
        page.goto(self.path + path)
        return page


@pytest.fixture(scope="module")
def evening(module_server: LiveServer) -> Evening:
    return Evening(module_server)


def chooses_the_file(page: Page) -> None:
    lapp: FilePayload = {"name": "lappar.xlsx", "mimeType": "application/octet-stream", "buffer": FILE}
    page.get_by_label("Eller en fil med lappar").set_input_files(lapp)
    page.get_by_role("button", name="Gå igenom först").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gå igenom lapparna")


def within_the_screen(page: Page) -> None:
    wide, screen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= screen, f"{page.url} is {wide} wide on a screen of {screen}"


@pytest.mark.parametrize(("size", "javascript"), [("small", True), ("tablet", True), ("tablet", False)])
def test_notes_go_from_file_to_wall(
    module_server: LiveServer, open_page: OpenPage, watch: Watch, size: str, javascript: bool
) -> None:
    watch.allow("status of 400")
    evening = Evening(module_server, areas=3)
    page = evening.page(open_page, size, "/paper", javascript=javascript)
    chooses_the_file(page)
    if javascript:
        axe(page)
        within_the_screen(page)
        expect(page.get_by_text("3 sparas, 0 utelämnas")).to_be_visible()
        page.get_by_role("group", name="Rad 4").get_by_label("Spara").uncheck()
        expect(page.get_by_text("2 sparas, 1 utelämnas")).to_be_visible()
        page.get_by_role("group", name="Rad 4").get_by_label("Spara").check()
    page.get_by_label("«Skolan»").select_option(label="Inget område")
    page.get_by_role("button", name="Spara korten").click()
    faults = page.get_by_role("alert")
    expect(faults).to_contain_text("Rad 3: Det bordet finns inte här")
    expect(faults).to_contain_text("Rad 4: Det är 501 tecken")
    page.get_by_role("group", name="Rad 3").get_by_label("Bord").fill("2")
    page.get_by_role("group", name="Rad 4").get_by_label("Text").fill("Kortare")
    page.get_by_role("button", name="Spara korten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 kort sparade")
    if javascript:
        axe(page)
    page.get_by_role("button", name="Ta tillbaka alltihop").click()
    expect(page.get_by_text("3 kort är dolda")).to_be_visible()
    page.get_by_role("button", name="Visa dem igen").click()
    expect(page.get_by_role("heading", name="Blev något fel?")).to_be_visible()
    assert evening.shown() == ["Fler bänkar", "fler bänkar!", "Kortare"]


def test_preview_is_used_by_keyboard_alone(evening: Evening, open_page: OpenPage, watch: Watch) -> None:
    """Enter in a field looks again and never saves; the link of a fault leads to its field."""
    watch.allow("status of 400")
    page = evening.page(open_page, "tablet", "/paper")
    page.get_by_label("Lappar, en på varje rad").press_sequentially("Tangentbord ett")
    page.keyboard.press("Enter")
    page.keyboard.type("Tangentbord två")
    page.get_by_role("button", name="Gå igenom först").press("Enter")
    table = page.get_by_role("group", name="Rad 2").get_by_label("Bord")
    table.fill("77")
    table.press("Enter")
    link = page.get_by_role("alert").get_by_role("link")
    link.press("Enter")
    expect(table).to_be_focused()
    table.fill("")
    page.get_by_role("button", name="Spara korten").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 kort sparade")


@pytest.mark.parametrize("path", ["/sheets", "/sheets?per=8&qr=1", "/sheets/tables?qr=1"])
def test_sheets_are_accessible_and_nothing_is_cut_off(
    evening: Evening, open_page: OpenPage, path: str
) -> None:
    page = evening.page(open_page, "small", path)
    axe(page)
    within_the_screen(page)
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.slip, .sheet, .slip__question, .slip__foot')]"
        ".filter((e) => e.scrollHeight > e.clientHeight + 1).map((e) => e.className)"
    )
    assert cut == []


@pytest.mark.parametrize(
    ("path", "pages"),
    [("/sheets", 1), ("/sheets?per=8", 1), ("/sheets?tables=1", 2), ("/sheets/tables", 2)],
)
def test_each_sheet_is_one_page_of_a4(evening: Evening, open_page: OpenPage, path: str, pages: int) -> None:
    page = evening.page(open_page, "desktop", path)
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(pdf.pages) == pages
    text = pdf.pages[-1].extract_text()
    assert "Hur många står bakom" in text or "Så gör vi" in text
    assert "Bord" in text
    assert "Skriv ut" not in text
