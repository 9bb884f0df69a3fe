"""Every page for everyone: the rules of axe, nothing wider than a small phone, targets that a thumb hits.

All pages are held against axe on the smallest phone and on the tablet. Dark and forced colours change colours
alone, so there one page of each look is enough; the widest texts come with the data (``full_house``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import OpenPage, Watch, axe
from tests.e2e.full_house import LONG_TEXT, LONG_WORD, House, build
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet
from tests.live_server import LiveServer

Act = Callable[[Page, House], None]


@pytest.fixture(scope="module")
def house(module_server: LiveServer) -> House:
    return build(module_server)


# --- what is done on a page before it is looked at


def sends_nothing(page: Page, house: House) -> None:
    PhoneInHand(page, house.url).presses("Lägg till")
    expect(page.get_by_text("Skriv något först.")).to_be_visible()


def writes_to_somebody(page: Page, house: House) -> None:
    PhoneInHand(page, house.url).writes("Ring mig på 070-123 45 67", kind="Fråga")
    expect(page.get_by_role("alert").filter(has_text="telefonnummer")).to_be_visible()


def opens_own_card(page: Page, house: House) -> None:
    page.get_by_role("region", name="Mina kort").get_by_text("Ändra", exact=True).first.click()


def sends_an_empty_form(page: Page, house: House) -> None:
    page.get_by_role("main").locator("form").last.get_by_role("button").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()


def handles_a_card(page: Page, house: House) -> None:
    moderator = ModeratorsTablet(page, house.url)
    handle = page.get_by_label("Hantera kortet")
    card = page.get_by_role("main").get_by_role("listitem").filter(has_text="Fler bänkar", has=handle).first
    moderator.expands(card)
    card.get_by_text("Dölj …").click()


def opens_the_drawer(page: Page, house: House) -> None:
    page.get_by_text("Mer", exact=True).click()
    page.get_by_role("complementary").locator("summary", has_text="Dolda").click()


def pastes_faults(page: Page, house: House) -> None:
    page.get_by_label("Lappar, en på varje rad").fill(
        f"En bra lapp\n{'x' * 501}\n{LONG_TEXT}\n{LONG_WORD * 5}"
    )
    page.get_by_role("button", name="Spara lapparna").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def chooses_a_file_with_faults(page: Page, house: House) -> None:
    rows = f"Text;Område;Bord\n{'x' * 501};Skolan;77\n{LONG_TEXT};;\n{LONG_WORD};{LONG_WORD};2\n"
    file: FilePayload = {"name": "lappar.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("Eller en fil med lappar").set_input_files(file)
    page.get_by_role("button", name="Gå igenom först").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def gives_a_dot(page: Page, house: House) -> None:
    page.get_by_role("button", name="Ge en plupp").first.click()
    expect(page.get_by_role("button", name="Ta tillbaka").first).to_be_visible()


def says_how_many(page: Page, house: House) -> None:
    page.get_by_role("radio", name="4", exact=True).check()
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()


def makes_a_link(page: Page, house: House) -> None:
    page.get_by_role("button", name=re.compile("^Gör en .*länk till storbilden")).click()


RESIDENT: list[tuple[str, str, Act | None]] = [
    ("start", "/", None),
    ("wrong code", "/join?code=ABCD", None),
    ("door", "/j/{house.empty_code}", None),
    ("missing", "/finns-inte", None),
    ("forum", "/m/{house.online}", None),
    ("privacy", "/privacy/{house.organisation}", None),
    ("accessibility", "/accessibility/{house.organisation}", None),
    ("sign in", "/sign-in", sends_an_empty_form),
    ("reports", "/reports", None),
    ("report", "/reports/{house.published}", None),
    ("withdrawn report", "/reports/{house.withdrawn}", None),
    ("file", "/reports/{house.published}/files/xlsx", None),
]
PARTICIPANT: list[tuple[str, str, Act | None]] = [
    ("pad", "/m/{house.empty}", None),
    ("pad with an error", "/m/{house.empty}", sends_nothing),
    ("pad with a warning", "/m/{house.empty}", writes_to_somebody),
    ("200 cards", "/m/{house.full}", opens_own_card),
    ("own card", "/m/{house.full}/cards/{house.own_card}/edit", None),
    ("receipt", "/m/{house.closed}", None),
    ("voting", "/m/{house.voting}", gives_a_dot),
    ("table", "/m/{house.table}", says_how_many),
]
STAFF: list[tuple[str, str, Act | None]] = [
    ("dialogues", "/dialogues", None),
    ("dialogue", "/dialogues/{house.dialogue}", None),
    ("new dialogue", "/dialogues/new", sends_an_empty_form),
    ("edit dialogue", "/dialogues/{house.dialogue}/edit", None),
    ("meetings", "/meetings", None),
    ("new meeting", "/dialogues/{house.dialogue}/meetings/new", sends_an_empty_form),
    ("planned meeting", "/meetings/{house.planned}", None),
    ("open meeting", "/meetings/{house.full}", None),
    ("closed meeting", "/meetings/{house.closed}", None),
    ("edit meeting", "/meetings/{house.full}/edit", None),
    ("stages", "/meetings/{house.planned}/stages", None),
    ("poster", "/meetings/{house.full}/poster", None),
    ("paper", "/meetings/{house.full}/paper", pastes_faults),
    ("paper from a file", "/meetings/{house.full}/paper", chooses_a_file_with_faults),
    ("paper taken in", "/meetings/{house.closed}/paper/taken/{house.intake}", None),
    ("card sheets", "/meetings/{house.full}/sheets?qr=1", None),
    ("table sheets", "/meetings/{house.full}/sheets/tables", None),
    ("projector link", "/meetings/{house.empty}", makes_a_link),
    ("empty room", "/meetings/{house.empty}/room", None),
    ("full room", "/meetings/{house.full}/room?view=wall", handles_a_card),
    ("drawer", "/meetings/{house.full}/room", opens_the_drawer),
    ("live report", "/dialogues/{house.dialogue}/report", None),
    ("draft", "/reports/{house.draft}", None),
    ("areas", "/areas", None),
    ("area", "/areas/{house.area}/edit", None),
    ("methods", "/methods", None),
    ("method", "/methods/{house.method}", None),
    ("people", "/people", None),
    ("person", "/people/{house.colleague}", None),
    ("new person", "/people/new", sends_an_empty_form),
    ("organisation", "/organisation", None),
    ("new body", "/organisation/bodies/new", sends_an_empty_form),
    ("levels", "/organisation/levels", None),
    ("new level", "/organisation/levels/new", None),
    ("notices", "/organisation/notices", None),
    ("password", "/password", sends_an_empty_form),
]
GROUPS = {"resident": RESIDENT, "participant": PARTICIPANT, "staff": STAFF}
#: One page of each look, for what only changes colours.
LOOKS = (
    "start",
    "report",
    "pad with a warning",
    "200 cards",
    "receipt",
    "voting",
    "table",
    "paper from a file",
    "full room",
    "new meeting",
    "open meeting",
)


def each(page: Page, house: House, group: str, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Stand on each page of a group, in the state it is to be looked at in."""
    for name, path, act in GROUPS[group]:
        if names and name not in names:
            continue
        page.goto(house.url + path.format(house=house))
        if act:
            act(page, house)
        yield name


def look(page: Page, name: str, faults: list[str]) -> None:
    try:
        axe(page)
    except AssertionError as error:
        faults.append(f"{name}: {error}")


def too_wide(page: Page) -> str:
    """What makes the page scroll sideways; empty when nothing does."""
    return str(
        page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollWidth <= root.clientWidth) return "";
              const wide = [...document.querySelectorAll("body *")].filter(
                (e) => e.getBoundingClientRect().right > root.clientWidth + 1
              );
              return `${root.scrollWidth} > ${root.clientWidth}: ` + wide.slice(0, 4).map(
                (e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`
              ).join(", ");
            }"""
        )
    )


def spilling(page: Page) -> list[str]:
    """Headings whose words run out of their box, into what stands beside it."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("h1, h2, h3, legend, label, button, summary")]
              .filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
              .map((e) => `«${e.innerText}» ${e.scrollWidth} > ${e.clientWidth}`)"""
        )
    )


def english(page: Page) -> set[str]:
    """English words on a Swedish page, also those that only a reader says or a script will show."""
    words = page.evaluate(
        """() => [document, ...[...document.querySelectorAll("template")].map((t) => t.content)]
             .flatMap((root) => [...root.querySelectorAll("*")])
             .flatMap((e) => [
               ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data),
               ...[...e.attributes].filter((a) => a.name !== "class").map((a) => a.value),
             ])
             .filter((words) => words.includes(" "))
             .join(" ")"""
    )
    return set(re.findall(r"\b(the|and|your?|with|this|cards?|meetings?|report|is|has|not)\b", words))


def too_small(page: Page) -> list[str]:
    """Targets that a thumb misses: under 44 px, links inside a text left out (as WCAG does)."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll(
                "button, select, summary, input:not([type=hidden]), textarea, a.button, a[data-do]"
              )].filter((e) => e.checkVisibility({visibilityProperty: true})).filter((e) => {
                const area = (e.matches("[type=radio], [type=checkbox]") && e.closest("label, .choice")) || e;
                const box = area.getBoundingClientRect();
                return box.width && (box.height < 43.5 || box.width < 43.5);
              }).map((e) => {
                const box = e.getBoundingClientRect();
                return `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`;
              })"""
        )
    )


@pytest.mark.parametrize("group", GROUPS)
def test_on_the_smallest_phone(house: House, open_page: OpenPage, watch: Watch, group: str) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("small")
    house.seat(page, staff=group == "staff") if group != "resident" else None
    faults: list[str] = []
    for name in each(page, house, group):
        look(page, name, faults)
        if wide := too_wide(page):
            faults.append(f"{name}: {wide}")
        faults += [f"{name}: spills {words}" for words in spilling(page)]
        faults += [f"{name}: in English: {word}" for word in english(page)]
        if group == "participant":
            faults += [f"{name}: small target {target}" for target in too_small(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("group", GROUPS)
def test_on_the_tablet(house: House, open_page: OpenPage, watch: Watch, group: str) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("tablet")
    house.seat(page, staff=group == "staff")
    faults: list[str] = []
    for name in each(page, house, group):
        look(page, name, faults)
        faults += [f"{name}: spills {words}" for words in spilling(page)]
        if name in ("full room", "drawer", "empty room"):
            faults += [f"{name}: small target {target}" for target in too_small(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("look_of", [{"dark": True}, {"forced_colors": True}], ids=["dark", "forced"])
@pytest.mark.parametrize("group", GROUPS)
def test_in_other_colours(
    house: House, open_page: OpenPage, watch: Watch, group: str, look_of: dict[str, bool]
) -> None:
    watch.allow("status of (400|404|410)")
    page = open_page("tablet" if group == "staff" else "small", **look_of)
    house.seat(page, staff=group == "staff")
    faults: list[str] = []
    for name in each(page, house, group, LOOKS):
        look(page, name, faults)
    assert not faults, "\n".join(faults)


@pytest.mark.thorough
@pytest.mark.parametrize("screen", ["projector", "tablet"])
def test_the_projector(house: House, open_page: OpenPage, screen: str) -> None:
    page = open_page(screen, f"{house.url}/display/{house.display}")
    expect(page.get_by_text("Direkt")).to_be_visible()
    axe(page)
    assert not too_wide(page)
    assert not spilling(page)
