"""Every page there is, and what is done on it before it is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.full_house import LONG_TEXT, LONG_WORD, House
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet

Act = Callable[[Page, House], None]


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


def looks_in(label: str, region: str) -> Act:
    """Open one of the menus of the room, found by what is written on it."""

    def opens(page: Page, house: House) -> None:
        place = page.get_by_role("contentinfo") if region == "foot" else page.get_by_role("complementary")
        place.locator("summary", has_text=label).click()

    return opens


def looks_at_a_table(page: Page, house: House) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile("^Bord 3")).click()
    expect(page.get_by_role("button", name=re.compile("ur mötet$")).first).to_be_visible()


def reads_where_to_go(page: Page, house: House) -> None:
    expect(page.get_by_role("dialog")).to_be_visible()


def has_arrived(page: Page, house: House) -> None:
    if page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="Jag är där").click()
    expect(page.get_by_text("Från processledaren:").first).to_be_visible()


def corrects_nothing(page: Page, house: House) -> None:
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def corrects_too_personally(page: Page, house: House) -> None:
    page.get_by_label("Vad ska det stå?").fill(f"{LONG_WORD} Ring mig på 070-123 45 67")
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert").filter(has_text="telefonnummer")).to_be_visible()


def brings_a_bad_method(page: Page, house: House) -> None:
    page.locator("textarea").fill('{"format": "something else"}')
    page.get_by_role("button", name="Titta vad som finns i den").click()
    expect(page.get_by_role("alert").first).to_be_visible()


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
    ("minutes to read", "/minutes/read/{house.minutes.key}", corrects_nothing),
    ("correction with a warning", "/minutes/read/{house.minutes.key}", corrects_too_personally),
    ("minutes to compare", "/minutes/read/{house.minutes.key}/compare", None),
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
    ("go to a table", "/m/{house.hiding}", reads_where_to_go),
    ("hidden writing", "/m/{house.hiding}", has_arrived),
    ("chat", "/m/{house.full}/chat", None),
    ("empty chat", "/m/{house.empty}/chat", None),
    ("arrange", "/m/{house.full}/arrange", None),
    ("nothing to arrange", "/m/{house.empty}/arrange", None),
    ("minutes", "/m/{house.closed}/minutes", corrects_nothing),
    ("minutes compared", "/m/{house.closed}/minutes/compare", None),
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
    ("projector link", "/meetings/{house.voting}", makes_a_link),
    ("empty room", "/meetings/{house.empty}/room", None),
    ("full room", "/meetings/{house.full}/room?view=wall", handles_a_card),
    ("drawer", "/meetings/{house.full}/room", opens_the_drawer),
    ("log", "/meetings/{house.full}/room", looks_in("Vad som gjorts", "drawer")),
    ("message", "/meetings/{house.table}/room", looks_in("Meddelande", "foot")),
    ("reveal", "/meetings/{house.hiding}/room", looks_in("Visa dolda", "foot")),
    ("what the room sees", "/meetings/{house.counted}/room", looks_in("Visa på projektor", "foot")),
    ("table in the room", "/meetings/{house.table}/room?view=room", looks_at_a_table),
    ("room while voting", "/meetings/{house.voting}/room?view=wall", None),
    ("room afterwards", "/meetings/{house.closed}/room", None),
    ("tables", "/meetings/{house.planned}/tables", None),
    ("keep a method", "/meetings/{house.full}/method", None),
    ("chat in the room", "/meetings/{house.full}/chat", None),
    ("nothing said", "/meetings/{house.empty}/chat", None),
    ("observer", "/meetings/{house.groups.talked}/interview", None),
    ("consent", "/meetings/{house.groups.quiet}/interview", sends_an_empty_form),
    ("groups compared", "/dialogues/{house.dialogue}/interviews", None),
    ("minutes of a meeting", "/meetings/{house.closed}/minutes", None),
    ("no minutes yet", "/meetings/{house.planned}/minutes", None),
    ("minutes to write", "/minutes/{house.minutes.draft}/edit", None),
    ("minutes to send", "/minutes/{house.minutes.draft}", None),
    ("minutes sent", "/minutes/{house.minutes.sent}", None),
    ("minutes as a file", "/minutes/{house.minutes.sent}/files/pdf", None),
    ("versions compared", "/minutes/{house.minutes.sent}/compare", None),
    ("live report", "/dialogues/{house.dialogue}/report", None),
    ("draft", "/reports/{house.draft}", None),
    ("areas", "/areas", None),
    ("area", "/areas/{house.area}/edit", None),
    ("new area", "/areas/new", sends_an_empty_form),
    ("methods", "/methods", None),
    ("method", "/methods/{house.method}", None),
    ("own method", "/methods/{house.own_method}", None),
    ("change a method", "/methods/{house.own_method}/edit", None),
    ("bring a method", "/methods/import", brings_a_bad_method),
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
    "go to a table",
    "hidden writing",
    "chat",
    "minutes",
    "full room",
    "message",
    "reveal",
    "table in the room",
    "new meeting",
    "open meeting",
    "chat in the room",
    "observer",
    "groups compared",
    "minutes to write",
    "minutes sent",
    "versions compared",
)
#: What a projector can show; each of the full house, or of a meeting where nobody has written.
VIEWS = ("join", "question", "wall", "results", "empty wall", "empty results")


def each(page: Page, house: House, group: str, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Stand on each page of a group, in the state it is to be looked at in."""
    for name, path, act in GROUPS[group]:
        if names and name not in names:
            continue
        page.goto(house.url + path.format(house=house))
        if act:
            act(page, house)
        yield name
