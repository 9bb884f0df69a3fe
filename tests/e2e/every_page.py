"""All pages of Dialog, and the steps on each before it is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.full_municipality import LONG_TEXT, LONG_WORD, Municipality
from tests.e2e.people import PhoneInHand
from tests.e2e.staff import ModeratorsTablet

Act = Callable[[Page, Municipality], None]


# --- steps on a page before it is checked


def sends_nothing(page: Page, municipality: Municipality) -> None:
    PhoneInHand(page, municipality.url).presses("Lägg till")
    expect(page.get_by_text("Skriv något först.")).to_be_visible()


def writes_to_somebody(page: Page, municipality: Municipality) -> None:
    PhoneInHand(page, municipality.url).writes("Ring mig på 070-123 45 67", kind="Fråga")
    expect(page.get_by_role("alert").filter(has_text="telefonnummer")).to_be_visible()


def opens_own_card(page: Page, municipality: Municipality) -> None:
    page.get_by_role("region", name="Mina kort").get_by_text("Ändra", exact=True).first.click()


def sends_an_empty_form(page: Page, municipality: Municipality) -> None:
    page.get_by_role("main").locator("form").last.get_by_role("button").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()


def handles_a_card(page: Page, municipality: Municipality) -> None:
    moderator = ModeratorsTablet(page, municipality.url)
    handle = page.get_by_label("Hantera kortet")
    card = page.get_by_role("main").get_by_role("listitem").filter(has_text="Fler bänkar", has=handle).first
    moderator.expands(card)
    card.get_by_text("Dölj …").click()


def opens_the_drawer(page: Page, municipality: Municipality) -> None:
    page.get_by_text("Mer", exact=True).click()
    page.get_by_role("complementary").locator("summary", has_text="Dolda").click()


def pastes_faults(page: Page, municipality: Municipality) -> None:
    page.get_by_label("Lappar, en på varje rad").fill(
        f"En bra lapp\n{'x' * 501}\n{LONG_TEXT}\n{LONG_WORD * 5}"
    )
    page.get_by_role("button", name="Spara lapparna").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def chooses_a_file_with_faults(page: Page, municipality: Municipality) -> None:
    rows = f"Text;Område;Bord\n{'x' * 501};Skolan;77\n{LONG_TEXT};;\n{LONG_WORD};{LONG_WORD};2\n"
    file: FilePayload = {"name": "lappar.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("Eller en fil med lappar").set_input_files(file)
    page.get_by_role("button", name="Gå igenom först").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def gives_a_dot(page: Page, municipality: Municipality) -> None:
    page.get_by_role("button", name="Ge en plupp").first.click()
    expect(page.get_by_role("button", name="Ta tillbaka").first).to_be_visible()


def says_how_many(page: Page, municipality: Municipality) -> None:
    page.get_by_role("radio", name="4", exact=True).check()
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()


def makes_a_link(page: Page, municipality: Municipality) -> None:
    page.get_by_role("button", name=re.compile("^Gör en .*länk till storbilden")).click()


def looks_in(label: str, region: str) -> Act:
    """Open one of the menus of the facilitation screen by the words on it."""

    def opens(page: Page, municipality: Municipality) -> None:
        place = page.get_by_role("contentinfo") if region == "foot" else page.get_by_role("complementary")
        place.locator("summary", has_text=label).click()

    return opens


def looks_at_a_table(page: Page, municipality: Municipality) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile("^Bord 3")).click()
    expect(page.get_by_role("button", name=re.compile("ur mötet$")).first).to_be_visible()


def reads_where_to_go(page: Page, municipality: Municipality) -> None:
    expect(page.get_by_role("dialog")).to_be_visible()


def has_arrived(page: Page, municipality: Municipality) -> None:
    if page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="Jag är där").click()
    expect(page.get_by_text("Från processledaren:").first).to_be_visible()


def corrects_nothing(page: Page, municipality: Municipality) -> None:
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def corrects_too_personally(page: Page, municipality: Municipality) -> None:
    page.get_by_label("Vad ska det stå?").fill(f"{LONG_WORD} Ring mig på 070-123 45 67")
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert").filter(has_text="telefonnummer")).to_be_visible()


def brings_a_bad_method(page: Page, municipality: Municipality) -> None:
    page.locator("textarea").fill('{"format": "something else"}')
    page.get_by_role("button", name="Titta vad som finns i den").click()
    expect(page.get_by_role("alert").first).to_be_visible()


RESIDENT: list[tuple[str, str, Act | None]] = [
    ("start", "/", None),
    ("wrong code", "/join?code=ABCD", None),
    ("door", "/j/{municipality.empty_code}", None),
    ("missing", "/finns-inte", None),
    ("forum", "/m/{municipality.online}", None),
    ("privacy", "/privacy/{municipality.organisation}", None),
    ("accessibility", "/accessibility/{municipality.organisation}", None),
    ("sign in", "/sign-in", sends_an_empty_form),
    ("reports", "/reports", None),
    ("report", "/reports/{municipality.published}", None),
    ("withdrawn report", "/reports/{municipality.withdrawn}", None),
    ("file", "/reports/{municipality.published}/files/xlsx", None),
    ("minutes to read", "/minutes/read/{municipality.minutes.key}", corrects_nothing),
    ("correction with a warning", "/minutes/read/{municipality.minutes.key}", corrects_too_personally),
    ("minutes to compare", "/minutes/read/{municipality.minutes.key}/compare", None),
]
PARTICIPANT: list[tuple[str, str, Act | None]] = [
    ("pad", "/m/{municipality.empty}", None),
    ("pad with an error", "/m/{municipality.empty}", sends_nothing),
    ("pad with a warning", "/m/{municipality.empty}", writes_to_somebody),
    ("200 cards", "/m/{municipality.full}", opens_own_card),
    ("own card", "/m/{municipality.full}/cards/{municipality.own_card}/edit", None),
    ("receipt", "/m/{municipality.closed}", None),
    ("voting", "/m/{municipality.voting}", gives_a_dot),
    ("table", "/m/{municipality.table}", says_how_many),
    ("go to a table", "/m/{municipality.hiding}", reads_where_to_go),
    ("hidden writing", "/m/{municipality.hiding}", has_arrived),
    ("chat", "/m/{municipality.full}/chat", None),
    ("empty chat", "/m/{municipality.empty}/chat", None),
    ("arrange", "/m/{municipality.full}/arrange", None),
    ("nothing to arrange", "/m/{municipality.empty}/arrange", None),
    ("minutes", "/m/{municipality.closed}/minutes", corrects_nothing),
    ("minutes compared", "/m/{municipality.closed}/minutes/compare", None),
]
STAFF: list[tuple[str, str, Act | None]] = [
    ("dialogues", "/dialogues", None),
    ("dialogue", "/dialogues/{municipality.dialogue}", None),
    ("new dialogue", "/dialogues/new", sends_an_empty_form),
    ("edit dialogue", "/dialogues/{municipality.dialogue}/edit", None),
    ("meetings", "/meetings", None),
    ("new meeting", "/dialogues/{municipality.dialogue}/meetings/new", sends_an_empty_form),
    ("planned meeting", "/meetings/{municipality.planned}", None),
    ("open meeting", "/meetings/{municipality.full}", None),
    ("closed meeting", "/meetings/{municipality.closed}", None),
    ("edit meeting", "/meetings/{municipality.full}/edit", None),
    ("stages", "/meetings/{municipality.planned}/stages", None),
    ("poster", "/meetings/{municipality.full}/poster", None),
    ("paper", "/meetings/{municipality.full}/paper", pastes_faults),
    ("paper from a file", "/meetings/{municipality.full}/paper", chooses_a_file_with_faults),
    ("paper taken in", "/meetings/{municipality.closed}/paper/taken/{municipality.intake}", None),
    ("card sheets", "/meetings/{municipality.full}/sheets?qr=1", None),
    ("table sheets", "/meetings/{municipality.full}/sheets/tables", None),
    ("projector link", "/meetings/{municipality.voting}", makes_a_link),
    ("empty room", "/meetings/{municipality.empty}/room", None),
    ("full room", "/meetings/{municipality.full}/room?view=wall", handles_a_card),
    ("drawer", "/meetings/{municipality.full}/room", opens_the_drawer),
    ("log", "/meetings/{municipality.full}/room", looks_in("Vad som gjorts", "drawer")),
    ("message", "/meetings/{municipality.table}/room", looks_in("Meddelande", "foot")),
    ("reveal", "/meetings/{municipality.hiding}/room", looks_in("Visa dolda", "foot")),
    ("what the room sees", "/meetings/{municipality.counted}/room", looks_in("Visa på projektor", "foot")),
    ("table in the room", "/meetings/{municipality.table}/room?view=room", looks_at_a_table),
    ("room while voting", "/meetings/{municipality.voting}/room?view=wall", None),
    ("room afterwards", "/meetings/{municipality.closed}/room", None),
    ("tables", "/meetings/{municipality.planned}/tables", None),
    ("keep a method", "/meetings/{municipality.full}/method", None),
    ("chat in the room", "/meetings/{municipality.full}/chat", None),
    ("nothing said", "/meetings/{municipality.empty}/chat", None),
    ("observer", "/meetings/{municipality.groups.talked}/interview", None),
    ("consent", "/meetings/{municipality.groups.quiet}/interview", sends_an_empty_form),
    ("groups compared", "/dialogues/{municipality.dialogue}/interviews", None),
    ("minutes of a meeting", "/meetings/{municipality.closed}/minutes", None),
    ("no minutes yet", "/meetings/{municipality.planned}/minutes", None),
    ("minutes to write", "/minutes/{municipality.minutes.draft}/edit", None),
    ("minutes to send", "/minutes/{municipality.minutes.draft}", None),
    ("minutes sent", "/minutes/{municipality.minutes.sent}", None),
    ("minutes as a file", "/minutes/{municipality.minutes.sent}/files/pdf", None),
    ("versions compared", "/minutes/{municipality.minutes.sent}/compare", None),
    ("live report", "/dialogues/{municipality.dialogue}/report", None),
    ("draft", "/reports/{municipality.draft}", None),
    ("areas", "/areas", None),
    ("area", "/areas/{municipality.area}/edit", None),
    ("new area", "/areas/new", sends_an_empty_form),
    ("methods", "/methods", None),
    ("method", "/methods/{municipality.method}", None),
    ("own method", "/methods/{municipality.own_method}", None),
    ("change a method", "/methods/{municipality.own_method}/edit", None),
    ("bring a method", "/methods/import", brings_a_bad_method),
    ("people", "/people", None),
    ("person", "/people/{municipality.colleague}", None),
    ("new person", "/people/new", sends_an_empty_form),
    ("organisation", "/organisation", None),
    ("new body", "/organisation/bodies/new", sends_an_empty_form),
    ("levels", "/organisation/levels", None),
    ("new level", "/organisation/levels/new", None),
    ("notices", "/organisation/notices", None),
    ("password", "/password", sends_an_empty_form),
]
GROUPS = {"resident": RESIDENT, "participant": PARTICIPANT, "staff": STAFF}
#: One page of each layout, for checks in which only the colours differ.
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
#: The views of a projector, of the full municipality and of a meeting where nobody has written.
VIEWS = ("join", "question", "wall", "results", "empty wall", "empty results")


def each(page: Page, municipality: Municipality, group: str, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield each page of a group in the state in which it is checked."""
    for name, path, act in GROUPS[group]:
        if names and name not in names:
            continue
        page.goto(municipality.url + path.format(municipality=municipality))
        if act:
            act(page, municipality)
        yield name
