"""Those who are there on the evening, each with a device, doing what a person does: by role, label and words.

Nothing here knows a class name or an address inside the product; what a person cannot find, a test cannot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser import OpenPage
from tests.processes import wait_until


def exactly(words: str) -> re.Pattern[str]:
    """The name of a thing when a count may follow it."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\d+)?\s*$")


def labelled(words: str) -> re.Pattern[str]:
    """A field's label, which may say that the field is optional."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\(frivilligt\))?\s*$")


def choose(page: Page | Locator, words: str) -> None:
    """Tap a chip or a radio button by its words."""
    page.get_by_role("radio", name=words, exact=True).check()


#: An hour ahead, and whatever the page asks.
WRONG_CLOCK = """
  const HOUR = 3_600_000;
  Date = class extends Date {
    constructor(...given) { given.length ? super(...given) : super(Date.now()); }
    static now() { return super.now() + HOUR; }
  };
"""
#: Notes each second that the timer shows, and which moment it counts down to by that.
READ_CLOCK = """() => {
  const seen = (window.countsDownTo = []);
  let before = "";
  new MutationObserver(() => {
    const shown = /(\\d+):(\\d\\d)/.exec(document.querySelector("[role=timer], #timer").textContent);
    if (!shown || shown[0] === before) return;
    const [now, left] = [performance.timeOrigin + performance.now(), 60 * shown[1] + Number(shown[2])];
    if (before) seen.push(now + 1000 * left);
    before = shown[0];
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def clocks_agree(*people: Somebody) -> None:
    """All of them see the same time left, within half a second.

    Each device is watched as it goes from one second to the next, by one and the same clock behind all pages.
    A busy machine may draw a second late; a clock that is wrong is wrong every time.
    """

    def within_half_a_second() -> bool:
        for somebody in people:
            somebody.page.evaluate(READ_CLOCK)
        found = []
        for somebody in people:
            somebody.page.wait_for_function("() => countsDownTo.length > 1")
            found.append(min(somebody.page.evaluate("() => countsDownTo")))
        return max(found) - min(found) <= 500

    wait_until(within_half_a_second, "all clocks to show the same time left")


def cards_in(place: Locator, areas: Sequence[str]) -> list[tuple[str, str]]:
    """Text and area of every card there, in order; what is there twice is there twice."""
    found = place.evaluate_all(
        "all => all.map((card) => [...card.querySelectorAll('p')].map((each) => each.textContent.trim()))"
    )
    return sorted(
        (text, next((area for area in areas if area in about), "Inget område")) for text, about in found
    )


@dataclass
class Somebody:
    """A person with a page in front of them."""

    page: Page
    url: str

    @property
    def javascript(self) -> bool:
        """Whether this person's browser runs scripts."""
        return bool(self.page.locator("html").evaluate("() => matchMedia('(scripting: enabled)').matches"))

    def has_a_clock_that_is_an_hour_wrong(self) -> None:
        """From the next page on."""
        self.page.add_init_script(WRONG_CLOCK)

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


@dataclass
class PhoneInHand(Somebody):
    """Somebody in the hall, or at home, with a phone."""

    _power: CDPSession | None = field(default=None, repr=False)

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

    def scans(self, code: str) -> None:
        """Scan the code, join, and have a page that is live."""
        self.goes(f"/j/{code}")
        self.joins()
        expect(self.page.locator("#board")).to_have_attribute("data-ready", "yes")

    def falls_asleep(self) -> None:
        """The screen is dark, and nothing on the page moves on until it wakes up."""
        asleep: list[object] = []
        self._power = self.page.context.new_cdp_session(self.page)
        self._power.on("Debugger.paused", lambda event: asleep.append(event))
        self._power.send("Debugger.enable")
        self._power.send("Debugger.pause")
        wait_until(lambda: self._power and self._power.send("Debugger.enable") and asleep, "sleep")

    def wakes_up(self) -> None:
        assert self._power, "it was never asleep"
        self._power.send("Debugger.resume")
        self._power.detach()

    def goes_to_table(self, number: int) -> None:
        """Read it on the whole screen, and say so."""
        go = self.page.get_by_role("dialog", name=f"Gå till bord {number}")
        expect(go).to_be_visible()
        go.get_by_role("button", name="Jag är där").click()
        expect(go).to_be_hidden()

    def cards(self, areas: Sequence[str]) -> list[tuple[str, str]]:
        """All that can be read here: my own and those of others."""
        return cards_in(self.mine.or_(self.others).get_by_role("article"), areas)

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

    def cards(self, areas: Sequence[str]) -> list[tuple[str, str]]:
        """All that the wall turns through, seen or waiting for their page."""
        wall = self.page.get_by_role("region", name="Väggen", include_hidden=True)
        return cards_in(wall.get_by_role("article", include_hidden=True), areas)


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
