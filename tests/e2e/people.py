"""The people of a meeting, each with a device. They act on pages by role, label and visible words.

No method uses a class name or an internal address: a test finds only what a person can find.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser import OpenPage
from tests.processes import wait_until


def exactly(words: str) -> re.Pattern[str]:
    """Return a pattern for a name that a count may follow."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\d+)?\s*$")


def labelled(words: str) -> re.Pattern[str]:
    """Return a pattern for a field's label, which may say that the field is optional."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\(frivilligt\))?\s*$")


def choose(page: Page | Locator, words: str) -> None:
    """Tap a chip or a radio button by its words."""
    page.get_by_role("radio", name=words, exact=True).check()


#: A script that sets the page's clock an hour ahead, whichever way the page reads it.
WRONG_CLOCK = """
  const HOUR = 3_600_000;
  Date = class extends Date {
    constructor(...given) { given.length ? super(...given) : super(Date.now()); }
    static now() { return super.now() + HOUR; }
  };
"""
#: A script that notes for each second that the timer shows the instant that it counts down to.
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
    """Wait until all of them see the same time left, within half a second.

    The check notes when each device goes from one second to the next, by the one clock behind all pages. A
    busy machine may draw a second late, but a clock that is wrong is wrong every time.
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
    """Return text and area of every card in *place*, sorted; a card that is shown twice is listed twice."""
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
        """True if this person's browser runs scripts."""
        return bool(self.page.locator("html").evaluate("() => matchMedia('(scripting: enabled)').matches"))

    def has_a_clock_that_is_an_hour_wrong(self) -> None:
        """Set the clock wrong from the next page on."""
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
    """A participant with a phone, in the hall or at home."""

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
        """Return one of the participant's own cards."""
        return self.mine.get_by_role("listitem").filter(has_text=text)

    def lies_in_a_pocket(self) -> None:
        """Hide the page for a moment, as a phone in a pocket does."""
        self.page.evaluate("""() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          delete document.hidden;
        }""")

    def types_the_code(self, code: str) -> None:
        """Go from the start page to the meeting's join page by the code."""
        self.goes("/")
        self.page.get_by_label("Koden från mötet").fill(code)
        self.presses("Gå vidare")

    def joins(self) -> None:
        self.presses("Var med")

    def scans(self, code: str) -> None:
        """Scan the code, join, and wait until the page is live."""
        self.goes(f"/j/{code}")
        self.joins()
        expect(self.page.locator("#board")).to_have_attribute("data-ready", "yes")

    def falls_asleep(self) -> None:
        """Pause all scripts of the page until it wakes up, as a phone with a dark screen does."""
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
        """Read the number on the whole screen, and confirm it."""
        go = self.page.get_by_role("dialog", name=f"Gå till bord {number}")
        expect(go).to_be_visible()
        go.get_by_role("button", name="Jag är där").click()
        expect(go).to_be_hidden()

    def cards(self, areas: Sequence[str]) -> list[tuple[str, str]]:
        """Return all cards on the page: the participant's own and those of others."""
        return cards_in(self.mine.or_(self.others).get_by_role("article"), areas)

    def begins(self, text: str) -> None:
        """Type a card and do not send it."""
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
        """Expect one card of somebody else, with its area when one is given."""
        card = self.others.get_by_role("listitem").filter(has_text=text)
        expect(card).to_have_count(1)
        if area:
            expect(card).to_contain_text(area)

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_role("listitem").filter(has_text=text)).to_have_count(0)

    def is_asked(self, question: str) -> None:
        self.reads_title(question)


class Projector(Somebody):
    """The projector's computer, which is not signed in and only shows."""

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
        """Return all cards that the wall turns through, visible or waiting for their page."""
        wall = self.page.get_by_role("region", name="Väggen", include_hidden=True)
        return cards_in(wall.get_by_role("article", include_hidden=True), areas)


class Politician(Somebody):
    """A reader of reports who is not signed in."""

    @classmethod
    def of(cls, open_page: OpenPage, url: str, *, javascript: bool = True) -> Politician:
        return cls(open_page("desktop", javascript=javascript), url)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the table of the report as a reader sees it: area → channel → cards."""
        table = self.page.get_by_role("table").first
        names = [cell.strip() for cell in table.locator("thead th").all_inner_texts()]
        counted: dict[str, dict[str, int]] = {}
        for row in table.locator("tbody tr, tfoot tr").all():
            area, *numbers = [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            counted[area] = {name: int(number) for name, number in zip(names[1:], numbers, strict=True)}
        return counted

    def downloads(self, words: str) -> bytes:
        """Download a file; if it is not made yet, wait for it on the page that says so."""
        report = self.page.url
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=words, exact=True).click()
        content = coming.value.path().read_bytes()
        if self.page.url != report:  # it had to be made first
            self.reads("Filen är klar.")
            self.follows("Tillbaka till sammanställningen")
        return content
