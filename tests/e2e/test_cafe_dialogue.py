"""Three rounds of a café dialogue with tables, two moderators, and devices that sleep, die and lose network.

Two moderators have a tablet each. There are a projector, four phones and twenty guests without browsers.
After every step all of them, and the database, hold the same cards, each exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db, utcnow, write
from dialog.dialogues.models import Dialogue
from dialog.meetings.models import Activity, Meeting, Stage
from tests.browser import OpenPage
from tests.e2e.conftest import Town
from tests.e2e.crowd import NOWHERE, Cards, Crowd
from tests.e2e.networks import CuttableProxy, HeldSocket
from tests.e2e.people import PhoneInHand, Projector, clocks_agree
from tests.e2e.staff import ModeratorsTablet
from tests.factories import a_user
from tests.node_client import NodeClient
from tests.processes import wait_until

MEETING = "Kväll i Folkets hus"
AREAS = ("Trygghet", "Grönska", "Kultur och fritid")
TABLES, GUESTS = 4, 20
ROUNDS = ("Runda 1 – så är det i dag", "Runda 2 – vi går djupare", "Runda 3 – våra förslag")
ASKED = (
    "Vad är viktigt för dig här?",
    "Vad skulle göra störst skillnad?",
    "Vilket förslag vill ert bord lämna till politikerna?",
)


@dataclass
class Evening:
    """The people of the meeting, and what they have written so far."""

    town: Town
    open_page: OpenPage
    moa: ModeratorsTablet
    nils: ModeratorsTablet
    slow: HeldSocket
    projector: Projector
    ada: PhoneInHand
    bo: PhoneInHand
    cilla: PhoneInHand
    cillas_proxy: CuttableProxy
    dan: PhoneInHand
    crowd: Crowd
    meeting: int
    wall: dict[str, str] = field(default_factory=dict)
    #: Hidden cards that are not revealed yet.
    held: dict[str, str] = field(default_factory=dict)

    @property
    def phones(self) -> tuple[PhoneInHand, ...]:
        return self.ada, self.bo, self.cilla, self.dan

    def change(self, apply: Callable[[Meeting], None]) -> None:
        """Change the meeting in the database, for example to let time go by."""
        with self.town.server.inside(), write() as session:
            apply(session.get_one(Meeting, self.meeting))

    def on_disk(self, *states: str) -> Cards:
        """Return the cards in these states; a database constraint keeps their UUIDs unique."""
        with self.town.server.inside():
            query = select(Card).where(Card.meeting_id == self.meeting, Card.state.in_(states))
            return sorted(
                (card.text, card.area.name if card.area else NOWHERE) for card in db.session.scalars(query)
            )

    def acts(self, what: str) -> int:
        """Return how many acts of this kind are in the log and not undone."""
        with self.town.server.inside():
            query = select(Activity).where(Activity.meeting_id == self.meeting, Activity.what == what)
            return len(db.session.scalars(query.where(Activity.undone_at.is_(None))).all())

    def all_see_the_same(self, *but: PhoneInHand) -> None:
        """Wait until all tablets, projector, phones *but* these and guests show exactly what was written."""
        expected = sorted(self.wall.items())
        boards = {
            "on disk": lambda: self.on_disk("shown"),
            "Moa's wall": lambda: self.moa.cards(AREAS),
            "Nils' wall": lambda: self.nils.cards(AREAS),
            "the projector": lambda: self.projector.cards(AREAS),
            **{
                f"phone {number}": lambda phone=phone: phone.cards(AREAS)
                for number, phone in enumerate(self.phones, start=1)
                if phone not in but
            },
            **{
                f"guest {number}": lambda guest=guest: guest.cards
                for number, guest in enumerate(self.crowd.guests, start=1)
            },
        }
        for name, board in boards.items():
            agrees(name, board, expected)


def agrees(name: str, board: Callable[[], Cards], expected: Cards) -> None:
    try:
        wait_until(lambda: board() == expected, name)
    except TimeoutError:
        assert board() == expected, name


@pytest.fixture
def evening(town: Town, open_page: OpenPage, node_client: NodeClient) -> Iterator[Evening]:
    """Plan the meeting from its method, open it and let everybody join; nothing is written yet."""
    with town.server.inside():
        dialogue = db.session.get_one(Dialogue, town.dialogue)
        nils_account = a_user("moderator", dialogue.organisation, dialogue=dialogue, name="Nils").email
    moa = ModeratorsTablet.of(open_page, town.url)
    moa.signs_in(town.moderator)
    moa.plans("Torget i mitten", MEETING, "Cafédialog", TABLES)
    meeting = int(moa.page.url.rpartition("/")[2])
    moa.lets_it_begin_in_hiding(ROUNDS[1])
    moa.opens(MEETING)
    code = moa.code()
    projector = Projector.of(open_page, moa.makes_a_projector_link(), town.url)
    projector.reads(code)
    moa.page.go_back()
    moa.leads()
    nils = ModeratorsTablet.of(open_page, town.url)
    slow = HeldSocket(nils.page)
    nils.takes_over(nils_account, "Torget i mitten", MEETING)
    phones = [PhoneInHand.of(open_page, town.url) for _name in range(4)]
    ada, bo, cilla, dan = phones
    bo.has_a_clock_that_is_an_hour_wrong()
    cilla.url = (cillas_proxy := CuttableProxy(town.server.port)).url
    for phone in phones:
        phone.scans(code)
    crowd = Crowd.of(town.server, node_client, code.replace("-", ""), GUESTS)
    return Evening(
        town, open_page, moa, nils, slow, projector, ada, bo, cilla, cillas_proxy, dan, crowd, meeting
    )


@pytest.mark.thorough
def test_cafe_dialogue_in_three_rounds(evening: Evening) -> None:
    everybody_finds_their_table(evening)
    the_first_round(evening)
    both_moderators_at_the_same_card(evening)
    both_press_next_at_the_same_moment(evening)
    the_second_round_in_hiding(evening)
    the_moderators_device_dies(evening)
    the_third_round_and_who_slept(evening)
    the_time_is_up_in_the_middle_of_a_thought(evening)
    dots_and_the_end(evening)


def everybody_finds_their_table(evening: Evening) -> None:
    moa, nils = evening.moa, evening.nils
    moa.looks_at("Rummet")
    moa.reads(f"{len(evening.phones) + GUESTS} enheter här")
    moa.presses("Fördela jämnt på borden")
    for phone in evening.phones:  # those who joined first sit at the first table
        phone.goes_to_table(1)
    moa.looks_at("Väggen")
    nils.sends_phone(4, table=1, to=4)
    evening.dan.goes_to_table(4)
    evening.dan.reads("Bord 4")
    nils.looks_at("Väggen")


def the_first_round(evening: Evening) -> None:
    """All write at the same time, and every device shows the same cards and the same time left."""
    evening.moa.starts_next_stage(ROUNDS[0])
    answers = evening.crowd.begin_to_write("Så är det")
    for phone, text, area in zip(
        evening.phones,
        ("Bänkarna är kalla", "Lamporna är trasiga", "Ingen vet vad som händer", "Det är fint om våren"),
        ("Grönska", "Trygghet", "Kultur och fritid", NOWHERE),
        strict=True,
    ):
        phone.is_asked(ASKED[0])
        phone.writes(text, area)
        phone.has_saved(text)
        evening.wall[text] = area
    evening.wall |= dict(answers())
    evening.all_see_the_same()
    clocks_agree(evening.moa, evening.nils, evening.projector, *evening.phones)


def both_moderators_at_the_same_card(evening: Evening) -> None:
    """The second moderator gets a message and overwrites nothing; either can undo what the other did."""
    moa, nils = evening.moa, evening.nils
    text = "Lamporna är trasiga"
    evening.slow.hold_news()
    nils.handles(text)
    moa.moves(text, "Grönska")
    moa.sees(text, "Grönska")
    nils.hides(text, "Står redan på ett annat kort")
    nils.reads("Någon annan hann ändra det här kortet. Så här är det nu.")
    nils.sees(text, "Grönska")
    evening.slow.release_news()
    evening.wall[text] = "Grönska"
    evening.all_see_the_same()

    nils.hides("Ingen vet vad som händer", "Handlar om något annat")
    del evening.wall["Ingen vet vad som händer"]
    evening.all_see_the_same(evening.cilla)  # its writer keeps it, with the reason
    evening.cilla.has_saved("Ingen vet vad som händer", "Dold av processledaren")
    moa.just_did("Dolde ett kort")
    moa.undoes()
    evening.wall["Ingen vet vad som händer"] = "Kultur och fritid"
    evening.all_see_the_same()


def both_press_next_at_the_same_moment(evening: Evening) -> None:
    """Both press before either sees the other's act: the meeting goes on by one stage only."""
    evening.cilla.begins("Mitt i en tanke när det blev")
    evening.cilla.falls_asleep()
    evening.cillas_proxy.cut()  # no network keeps a connection to a phone that does not answer
    before = evening.acts("meeting.stage")
    pressed: list[Route] = []
    tablets = evening.moa, evening.nils
    for tablet in tablets:
        tablet.page.route("**/stage*", lambda route: pressed.append(route))
        tablet.next_stage("Byt bord").click()
    wait_until(lambda: pump(*tablets) and len(pressed) == 2, "both to have pressed")
    for route in pressed:
        route.continue_()
    for tablet in tablets:
        tablet.is_in("Byt bord")
        expect(tablet.next_stage(ROUNDS[1])).to_be_visible()
        tablet.page.unroute("**/stage*")
    assert evening.acts("meeting.stage") == before + 1

    evening.moa.says("Ni sitter kvar där ni sitter.")
    for somebody in (evening.nils, evening.projector, evening.ada, evening.bo, evening.dan):
        somebody.reads("Ni sitter kvar där ni sitter.")
    for guest in evening.crowd.guests:
        guest.screen.socket.wait_for(
            "stage", lambda stage: stage["message"] and stage["message"]["text"].startswith("Ni sitter kvar")
        )


def pump(*tablets: ModeratorsTablet) -> bool:
    """Have Playwright handle the browsers' waiting events; return True."""
    return all(tablet.page.evaluate("() => true") for tablet in tablets)


def the_second_round_in_hiding(evening: Evening) -> None:
    """Nobody sees the cards of others until a moderator reveals them; then every device shows them."""
    moa, nils = evening.moa, evening.nils
    nils.starts_next_stage(ROUNDS[1])
    answers = evening.crowd.begin_to_write("Djupare")
    awake = (
        (evening.ada, "Belysning först"),
        (evening.bo, "Öppet om kvällen"),
        (evening.dan, "Fler sittplatser"),
    )
    for phone, text in awake:
        phone.is_asked(ASKED[1])
        phone.writes(text, "Trygghet")
        phone.has_saved(text, "Sparad ✓ Visas senare")
    held = dict(answers()) | dict.fromkeys((text for _phone, text in awake), "Trygghet")
    assert evening.on_disk("held") == sorted(held.items())
    for tablet in (moa, nils):
        expect(tablet.page.get_by_role("heading", name="Skrivet i det dolda 23")).to_be_visible()
    for text in held:
        assert text not in evening.wall
    for phone, own in awake:
        others = {text for text, _area in phone.cards(AREAS)} & held.keys()
        assert others == {own}
    assert not {text for text, _area in evening.projector.cards(AREAS)} & held.keys()
    for guest in evening.crowd.guests:
        assert len({text for text, _area in guest.cards} & held.keys()) == 1, "their own and no other"

    with evening.town.server.inside():
        query = select(Card).where(Card.meeting_id == evening.meeting, Card.state == "held")
        at_four = [card.text for card in db.session.scalars(query) if card.table and card.table.number == 4]
    assert "Fler sittplatser" in at_four
    nils.reveals(f"Bord 4 ({len(at_four)})")
    evening.wall |= {text: held[text] for text in at_four}
    for board in (moa.cards, evening.projector.cards, evening.ada.cards, evening.bo.cards):
        wait_until(lambda board=board: set(at_four) <= {text for text, _area in board(AREAS)}, "table 4")
    evening.held = {text: area for text, area in held.items() if text not in at_four}


def the_moderators_device_dies(evening: Evening) -> None:
    """The device dies in the middle of an act: the server has done it, and its answer never arrives."""
    old = evening.moa
    old.begins_to_say("En halv")
    gone: list[int] = []

    def without_an_answer(route: Route) -> None:
        gone.append(route.fetch().status)

    old.page.route("**/reveal", without_an_answer)
    old.reveals(f"Visa alla {len(evening.held)} dolda kort")
    wait_until(lambda: pump(old) and gone, "the act to reach the server")
    old.page.context.close()
    assert gone == [200]

    # The other moderator goes on at once.
    evening.nils.just_did("Visade")
    evening.nils.presses("+5 min")
    evening.nils.just_did("5 minuter till")

    evening.moa = moa = ModeratorsTablet.of(evening.open_page, evening.town.url)
    moa.takes_over(evening.town.moderator, "Torget i mitten", MEETING)
    moa.is_in(ROUNDS[1])
    moa.just_did("5 minuter till")
    moa.reads("Ni sitter kvar där ni sitter.")
    evening.wall |= evening.held
    evening.all_see_the_same(evening.cilla)
    clocks_agree(moa, evening.nils, evening.projector, evening.ada, evening.bo, evening.dan)


def the_third_round_and_who_slept(evening: Evening) -> None:
    """A phone slept through a whole stage. It wakes up and catches up without moving its owner on."""
    evening.moa.starts_next_stage("Byt bord")
    evening.nils.starts_next_stage(ROUNDS[2])
    answers = evening.crowd.begin_to_write("Förslag")
    evening.wall |= dict(answers())
    cilla = evening.cilla
    cilla.wakes_up()
    cilla.reads("Nästa moment har börjat – klar?")
    cilla.is_asked(ASKED[0])
    expect(cilla.pad).to_have_value("Mitt i en tanke när det blev")
    evening.all_see_the_same()
    cilla.presses("Gå vidare")
    cilla.is_asked(ASKED[2])
    expect(cilla.pad).to_have_value("Mitt i en tanke när det blev")
    cilla.reads("Ni sitter kvar där ni sitter.")
    clocks_agree(evening.moa, evening.projector, cilla, evening.ada)
    cilla.writes("Mitt i en tanke när det blev morgon", "Grönska")
    cilla.has_saved("Mitt i en tanke när det blev morgon")
    evening.wall["Mitt i en tanke när det blev morgon"] = "Grönska"
    evening.all_see_the_same()


def the_time_is_up_in_the_middle_of_a_thought(evening: Evening) -> None:
    """Every device says that the time is up; a card that was begun is still accepted and marked late."""
    dan = evening.dan
    dan.begins("Ett torg för alla")
    where = dan.pad.bounding_box()
    evening.change(lambda meeting: setattr(meeting, "stage_ends_at", utcnow() + timedelta(seconds=2)))
    for somebody in (evening.moa, evening.nils, evening.projector, *evening.phones):
        somebody.reads("Tiden är ute")
    expect(dan.pad).to_have_value("Ett torg för alla")
    evening.moa.starts_next_stage("Skörd")
    dan.reads("Nästa moment har börjat – klar?")
    assert dan.pad.bounding_box() == where
    expect(dan.pad).to_be_focused()
    evening.ada.reads("Just nu skriver vi inga nya kort")
    dan.presses("Lägg till")
    dan.has_saved("Ett torg för alla")
    evening.wall["Ett torg för alla"] = "Trygghet"  # the area chosen for the card before stays chosen
    evening.all_see_the_same()
    with evening.town.server.inside():
        card = db.session.scalars(select(Card).where(Card.text == "Ett torg för alla")).one()
        assert (db.session.get_one(Stage, card.stage_id).name, card.round, card.late) == (ROUNDS[2], 3, True)


def dots_and_the_end(evening: Evening) -> None:
    moa, text = evening.moa, "Ett torg för alla"
    moa.starts_next_stage("Pluppar")
    for phone in evening.phones:
        phone.reads("Du har 5 pluppar att ge")
        phone.gives_a_dot(text)
        phone.reads("Du har 4 pluppar att ge")
    with evening.town.server.inside():
        card = db.session.scalars(select(Card.id).where(Card.text == text)).one()
    evening.crowd.give_a_dot(card)
    expect(moa.card(text).first).not_to_contain_text("●")
    evening.nils.starts_next_stage("Vad händer nu")
    for board in (moa.column("Trygghet"), evening.nils.column("Trygghet"), evening.ada.others):
        expect(board.get_by_role("listitem").filter(has_text=text)).to_contain_text("● 24")
    most = evening.projector.page.get_by_role("region", name="Flest pluppar").get_by_role("listitem")
    expect(most).to_contain_text([re.compile(rf"24\s+{text}")])
    evening.all_see_the_same()

    moa.goes_to_the_meetings_page()
    moa.closes()
    for phone in evening.phones:
        phone.reads_title("Tack! Mötet är stängt.")
    assert evening.on_disk("shown") == sorted(evening.wall.items())
    assert evening.on_disk("held", "pending", "hidden", "withdrawn", "merged") == []
