"""Those who are there on the evening, each with a device, doing what a person does: by role, label and words.

Nothing here knows a class name or an address inside the product; what a person cannot find, a test cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser import OpenPage


def exactly(words: str) -> re.Pattern[str]:
    """The name of a thing when a count may follow it."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\d+)?\s*$")


def labelled(words: str) -> re.Pattern[str]:
    """A field's label, which may say that the field is optional."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\(frivilligt\))?\s*$")


def choose(page: Page | Locator, words: str) -> None:
    """Tap a chip or a radio button by its words."""
    page.get_by_role("radio", name=words, exact=True).check()


@dataclass
class Somebody:
    """A person with a page in front of them."""

    page: Page
    url: str

    @property
    def javascript(self) -> bool:
        """Whether this person's browser runs scripts."""
        return bool(self.page.locator("html").evaluate("() => matchMedia('(scripting: enabled)').matches"))

    def goes(self, path: str) -> None:
        self.page.goto(self.url + path)

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def looks_again(self) -> None:
        self.page.reload()

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def reads_title(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)


class PhoneInHand(Somebody):
    """Somebody in the hall, or at home, with a phone."""

    @classmethod
    def of(cls, open_page: OpenPage, url: str, *, javascript: bool = True) -> PhoneInHand:
        return cls(open_page("phone", javascript=javascript), url)

    @property
    def mine(self) -> Locator:
        return self.page.get_by_role("region", name="Mina kort")

    @property
    def others(self) -> Locator:
        return self.page.get_by_role("region", name="Vad andra skriver")

    @property
    def pad(self) -> Locator:
        return self.page.get_by_role("textbox", name="Din tanke")

    def card(self, text: str) -> Locator:
        """One of my own cards."""
        return self.mine.get_by_role("listitem").filter(has_text=text)

    def lies_in_a_pocket(self) -> None:
        """For a moment nobody can see the page."""
        self.page.evaluate("""() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          delete document.hidden;
        }""")

    def types_the_code(self, code: str) -> None:
        """From the start page to the meeting's door."""
        self.goes("/")
        self.page.get_by_label("Koden från mötet").fill(code)
        self.presses("Gå vidare")

    def joins(self) -> None:
        self.presses("Var med")

    def begins(self, text: str) -> None:
        """Type, and do not send."""
        self.pad.fill(text)

    def writes(self, text: str, area: str = "", kind: str = "") -> None:
        self.begins(text)
        form = self.page.get_by_role("main")
        if area:
            choose(form.get_by_role("group", name="Vad handlar det om?"), area)
        if kind:
            group = form.get_by_role("group", name="Vad är det för slags tanke?").last
            if not group.is_visible():
                form.get_by_text("Vad är det för slags tanke?").first.click()
            choose(group, kind)
        self.presses("Lägg till")

    def has_saved(self, text: str, state: str = "Sparad ✓") -> None:
        expect(self.card(text)).to_contain_text(state)

    def _opens(self, text: str) -> Locator:
        card = self.card(text)
        card.get_by_text("Ändra", exact=True).click()
        return card

    def edits(self, text: str, to: str) -> None:
        card = self._opens(text)
        card.get_by_role("textbox", name="Kortets text").fill(to)
        self.mine.get_by_role("button", name="Spara", exact=True).click()

    def withdraws(self, text: str) -> None:
        self._opens(text).get_by_role("button", name="Ta tillbaka kortet").click()

    def gives_a_dot(self, text: str) -> None:
        card = self.page.get_by_role("listitem").filter(has_text=text)
        card.get_by_role("button", name="Ge en plupp").click()

    def takes_a_dot_back(self, text: str) -> None:
        card = self.page.get_by_role("listitem").filter(has_text=text)
        card.get_by_role("button", name="Ta tillbaka").click()

    def sees(self, text: str, area: str = "") -> None:
        """Somebody else's card is here, with its area when one is given."""
        card = self.others.get_by_role("listitem").filter(has_text=text)
        expect(card).to_have_count(1)
        if area:
            expect(card).to_contain_text(area)

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_role("listitem").filter(has_text=text)).to_have_count(0)

    def is_asked(self, question: str) -> None:
        self.reads_title(question)


class Projector(Somebody):
    """The hall's computer: not signed in, it only shows."""

    @classmethod
    def of(cls, open_page: OpenPage, address: str, url: str) -> Projector:
        return cls(open_page("projector", address), url)

    def column(self, area: str) -> Locator:
        return self.page.get_by_role("region", name=exactly(area))

    def shows(self, text: str, area: str) -> None:
        expect(self.column(area).get_by_role("listitem").filter(has_text=text)).to_have_count(1)

    def does_not_show(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)


class Politician(Somebody):
    """Somebody who reads, signed out."""

    @classmethod
    def of(cls, open_page: OpenPage, url: str, *, javascript: bool = True) -> Politician:
        return cls(open_page("desktop", javascript=javascript), url)

    def counts(self) -> dict[str, dict[str, int]]:
        """The table of the report: area → channel → cards, as a reader sees it."""
        table = self.page.get_by_role("table").first
        names = [cell.strip() for cell in table.locator("thead th").all_inner_texts()]
        counted: dict[str, dict[str, int]] = {}
        for row in table.locator("tbody tr, tfoot tr").all():
            area, *numbers = [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            counted[area] = {name: int(number) for name, number in zip(names[1:], numbers, strict=True)}
        return counted

    def downloads(self, words: str) -> bytes:
        """Ask for a file; where it is not made yet, wait for it on the page that says so."""
        report = self.page.url
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=words, exact=True).click()
        content = coming.value.path().read_bytes()
        if self.page.url != report:  # it had to be made first
            self.reads("Filen är klar.")
            self.follows("Tillbaka till sammanställningen")
        return content
