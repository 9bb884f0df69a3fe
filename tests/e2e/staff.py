"""The staff of a meeting: they sign in, and the moderator leads from a tablet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.browser import OpenPage
from tests.e2e.people import Somebody, cards_in, choose, exactly, labelled
from tests.factories import PASSWORD


class StaffMember(Somebody):
    """A person who signs in."""

    @classmethod
    def of(
        cls, open_page: OpenPage, url: str, device: str = "tablet", *, javascript: bool = True
    ) -> StaffMember:
        return cls(open_page(device, javascript=javascript), url)

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        self.goes("/sign-in")
        self.page.get_by_label("E-post").fill(email)
        self.page.get_by_label("Lösenord").fill(password)
        self.presses("Logga in")

    def fills(self, fields: dict[str, str]) -> None:
        for label, value in fields.items():
            self.page.get_by_label(labelled(label)).fill(value)

    def freezes_the_report(self) -> None:
        self.presses("Gör en version av sammanställningen")

    def marks_it_reviewed(self) -> None:
        self.presses("Jag har läst: markera som granskad")

    def publishes(self, number: int = 1) -> None:
        self.presses(f"Publicera version {number}")


class ModeratorsTablet(StaffMember):
    """The moderator who leads the meeting, with the facilitation screen on a tablet."""

    @property
    def waiting(self) -> Locator:
        """The region with cards that wait for approval."""
        return self.page.get_by_role("region", name=exactly("Väntar på dig"))

    @property
    def put_away(self) -> Locator:
        """The region with hidden cards."""
        return self.page.get_by_role("region", name="Dolda")

    def column(self, area: str) -> Locator:
        return self.page.get_by_role("region", name=exactly(area))

    def card(self, text: str, area: str = "") -> Locator:
        """Return a card on the wall."""
        place = self.column(area) if area else self.page.get_by_role("main")
        return place.get_by_role("listitem").filter(has_text=text)

    def plans(self, dialogue: str, meeting: str, method: str, tables: int = 0) -> None:
        """Plan a meeting, beginning at the list of dialogues and ending on the meeting's page."""
        self.follows(dialogue)
        self.follows("Nytt möte")
        self.fills({"Vad mötet heter": meeting, "Plats": "Folkets hus", "Dag": "2026-12-01"})
        self.fills({"Från klockan": "18:00", "Till klockan": "20:30", "Bord": str(tables or "")})
        self.page.get_by_label("Metod", exact=True).select_option(label=method)
        self.presses("Planera mötet")
        self.reads_title(meeting)

    def lets_it_begin_in_hiding(self, stage: str) -> None:
        """Hide the cards of this stage until they are revealed."""
        self.follows("Ändra momenten")
        its = self.page.get_by_role("group", name=re.compile(rf"^\s*\d+\.\s+{re.escape(stage)}"))
        its.get_by_text("Vad deltagarna får göra, och följdfrågor").click()
        its.get_by_label("Korten är dolda tills du visar dem").check()
        self.presses("Spara momenten")

    def opens(self, meeting: str) -> None:
        """Open the planned meeting that is on the screen."""
        self.reads_title(meeting)
        self.presses("Öppna mötet")
        self.reads("Mötet är öppet")

    def code(self) -> str:
        found = self.page.get_by_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$")).first.inner_text()
        assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", found)
        return found

    def leads(self) -> None:
        """Open the facilitation screen and choose the wall."""
        self.follows("Led mötet")
        self.looks_at("Väggen")

    def takes_over(self, email: str, dialogue: str, meeting: str) -> None:
        """Sign in on this device and open the facilitation screen with the wall."""
        self.signs_in(email)
        self.follows(dialogue)
        self.follows(meeting)
        self.leads()

    def looks_at(self, what: str) -> None:
        """Choose the tables («Rummet») or the wall («Väggen») in the middle of the screen."""
        self.page.get_by_role("navigation", name="I mitten").get_by_role("link", name=what).click()

    def goes_to_the_meetings_page(self) -> None:
        """Go from the facilitation screen to the meeting's page."""
        self.page.get_by_text("Mer", exact=True).click()
        self.follows("Mötets sida")

    def makes_a_projector_link(self) -> str:
        self.presses("Gör en länk till storbilden")
        return self.page.get_by_label("Adressen").input_value()

    def starts_next_stage(self, name: str) -> None:
        """Start the next stage; *name* is the beginning of its name."""
        self.next_stage(name).click()
        self.is_in(name)

    def next_stage(self, name: str) -> Locator:
        """Return the large button if it leads to this stage."""
        return self.page.get_by_role("button", name=re.compile(rf"^Starta: {re.escape(name)}"))

    def is_in(self, stage: str) -> None:
        """Expect that the row of stages marks this one as the current stage."""
        here = self.page.get_by_role("navigation", name="Kvällens moment").locator("[aria-current=step]")
        expect(here).to_contain_text(stage)

    def begins_to_say(self, words: str) -> None:
        """Type a message to every device, and do not send it."""
        self.page.get_by_text("Meddelande", exact=True).click()
        self.page.get_by_label("Säg något till alla enheter").fill(words)

    def says(self, words: str) -> None:
        self.begins_to_say(words)
        self.presses("Skicka meddelandet")

    def sends_phone(self, number: int, table: int, to: int) -> None:
        """Send the device at *table* to the table *to*."""
        self.looks_at("Rummet")
        self.page.get_by_role("link", name=re.compile(rf"^Bord {table}\b")).click()
        seat = self.page.get_by_role("listitem").filter(has_text=re.compile(rf"Telefon {number}\b")).last
        seat.get_by_role("combobox", name="Skicka till bord").select_option(label=f"Bord {to}")
        seat.get_by_role("button", name="Skicka", exact=True).click()

    def reveals(self, what: str) -> None:
        """Reveal a pile of hidden cards by the name of its button."""
        self.page.get_by_text(re.compile(r"^\s*Visa dolda \d+")).click()
        self.presses(what)

    def just_did(self, words: str) -> None:
        """Expect that «Ångra» would undo this act."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    @property
    def log(self) -> Locator:
        """The list of acts, opened."""
        self.page.get_by_text("Vad som gjorts").click()
        return self.page.get_by_role("complementary", name="Det som kommer in").get_by_role("list").last

    def cards(self, areas: Sequence[str]) -> list[tuple[str, str]]:
        """Return the cards of the whole wall, and check that each is in its column."""
        found = []
        for area in (*areas, "Inget område"):
            here = cards_in(self.column(area).get_by_role("article"), areas)
            assert all(stands == area for _text, stands in here), (area, here)
            found += here
        return sorted(found)

    def handles(self, text: str) -> Locator:
        """Open the actions of a card on the wall, and return the card."""
        card = self.card(text)
        self.expands(card)
        return card

    @staticmethod
    def expands(card: Locator) -> None:
        opener = card.get_by_label("Hantera kortet")
        if opener.get_attribute("aria-expanded") != "true":
            opener.click()

    def moves(self, text: str, area: str) -> None:
        card = self.handles(text)
        card.get_by_role("combobox", name="Flytta till …").select_option(label=area)
        card.get_by_role("button", name="Flytta", exact=True).click()

    def hides(self, text: str, reason: str) -> None:
        card = self.handles(text)
        card.get_by_text("Dölj …").click()
        choose(card, reason)
        card.get_by_role("button", name="Dölj kortet").click()

    def undoes(self) -> None:
        self.presses("Ångra")

    def approves(self, text: str) -> None:
        card = self.waiting.get_by_role("listitem").filter(has_text=text)
        card.get_by_role("button", name="Visa kortet").click()

    def sees(self, text: str, area: str) -> None:
        expect(self.card(text, area)).to_have_count(1)

    def does_not_see(self, text: str) -> None:
        expect(self.card(text)).to_have_count(0)

    def counts(self, area: str, cards: int) -> None:
        """Expect that the column says how many cards it holds."""
        expect(self.page.get_by_role("region", name=f"{area} {cards}", exact=True)).to_be_visible()

    def notes_who_came(self, count: int, basis: str) -> None:
        self.page.get_by_label(labelled("Antal personer")).fill(str(count))
        choose(self.page.get_by_role("group", name="Hur vet ni det?"), basis)
        self.presses("Spara")
        self.reads(f"{count} personer")

    def types_in_notes(self, notes: list[str], area: str, kind: str = "") -> None:
        self.page.get_by_label("Lappar, en på varje rad").fill("\n".join(notes))
        choose(self.page.get_by_role("group", name="Fokusområde"), area)
        if kind:
            self.page.get_by_label("Sorts kort").select_option(label=kind)
        self.presses("Spara lapparna")

    def closes(self) -> None:
        """Close the meeting on its page, which asks once more."""
        self.page.get_by_text("Stäng mötet", exact=True).click()
        self.presses("Stäng mötet nu")
        self.reads("Mötet är stängt. Tack för att du ledde det.")


class Observer(StaffMember):
    """The observer of a focus group, who writes down what is said."""

    @property
    def pad(self) -> Locator:
        return self.page.get_by_label("Vad som sades")

    @property
    def notes(self) -> Locator:
        """The notes on the question that is shown."""
        return self.page.get_by_role("region", name="Antecknat på den här frågan").get_by_role("listitem")

    def observes(self, email: str, dialogue: str, meeting: str) -> None:
        """Sign in on this device and go to the observer's screen."""
        self.signs_in(email)
        for link in (dialogue, meeting, "Led mötet"):
            self.follows(link)
        self.page.get_by_text("Mer", exact=True).click()
        self.follows("Observera som fokusgrupp")

    def takes_consent(self, group: int, agreed: int) -> None:
        self.page.get_by_label("Hur många är ni i gruppen?").fill(str(group))
        self.page.get_by_label("Hur många sa ja?").fill(str(agreed))
        self.presses("Börja")
        expect(self.page.get_by_role("group", name="Vem talar?")).to_be_visible()

    def begins(self, words: str, speaker: int | None = None, *, quote: bool = False) -> None:
        """Type a note and do not add it."""
        who = f"Deltagare {speaker}" if speaker else "Gruppen"
        choose(self.page.get_by_role("group", name="Vem talar?"), who)
        choose(self.page, "Citat, ord för ord" if quote else "Iakttagelse")
        self.pad.fill(words)

    def notes_down(self, words: str, speaker: int | None = None, *, quote: bool = False) -> None:
        self.begins(words, speaker, quote=quote)
        self.presses("Lägg till")
        expect(self.notes.filter(has_text=words)).to_have_count(1)
        expect(self.pad).to_have_value("")

    def keeps_a_check(self, summary: str, agreed: int, differed: int, wanted: str) -> None:
        self.page.get_by_text("Skriv en avstämning").click()
        self.fills(
            {
                "Sammanfattningen som du läste upp": summary,
                "Hur många som höll med": str(agreed),
                "Hur många som såg det annorlunda": str(differed),
                "Vad de ville ändra": wanted,
            }
        )
        self.presses("Spara avstämningen")
        self.reads(f"Höll med: {agreed}. Såg det annorlunda: {differed}.")
