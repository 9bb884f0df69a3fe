"""A focus group from consent to closing check: who leads, who observes, the projector, and twelve phones.

Four of them are in browsers and eight take part over the contract: a group is twelve at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db
from dialog.dialogues.models import Dialogue
from dialog.interviews.models import ClosingCheck
from dialog.meetings.models import Stage
from tests.browser import OpenPage
from tests.e2e.conftest import Town
from tests.e2e.crowd import NOWHERE, Cards, Crowd
from tests.e2e.people import PhoneInHand, Projector, clocks_agree
from tests.e2e.staff import ModeratorsTablet, Observer
from tests.factories import a_user
from tests.node_client import NodeClient
from tests.processes import wait_until

DIALOGUE, MEETING = "Torget i mitten", "Fokusgrupp med föräldrar"
AREAS = ("Trygghet", "Grönska", "Kultur och fritid")
GUESTS = 8
FIRST, MAIN = "Berätta om senaste gången du …", "Vad fungerar bra, och vad saknas?"
FOLLOW_UP = "Om du fick ändra en enda sak?"
QUOTE = "Bussen går aldrig i tid"


@dataclass
class Group:
    """The people of the meeting, and what has been written so far."""

    town: Town
    open_page: OpenPage
    moa: ModeratorsTablet
    olle: Observer
    olles_account: str
    projector: Projector
    phones: list[PhoneInHand]
    crowd: Crowd
    meeting: int
    wall: dict[str, str] = field(default_factory=dict)

    def written(self) -> list[tuple[str, str, int | None, str]]:
        """Return every note of the observer: text, kind, speaker and the stage it answers."""
        with self.town.server.inside():
            query = (
                select(Card.text, Card.kind_code, Card.speaker, Stage.name)
                .join(Stage, Stage.id == Card.stage_id)
                .where(Card.meeting_id == self.meeting, Card.channel == "interview")
                .order_by(Card.id)
            )
            return [tuple(row) for row in db.session.execute(query)]

    def on_disk(self) -> Cards:
        with self.town.server.inside():
            query = select(Card).where(Card.meeting_id == self.meeting, Card.state == "shown")
            return sorted(
                (card.text, card.area.name if card.area else NOWHERE) for card in db.session.scalars(query)
            )

    def all_see_the_same(self) -> None:
        """Wait until wall, projector, every phone and every guest show exactly what was written."""
        expected = sorted(self.wall.items())
        boards: list[tuple[str, Callable[[], Cards]]] = [
            ("on disk", self.on_disk),
            ("the wall", lambda: self.moa.cards(AREAS)),
            ("the projector", lambda: self.projector.cards(AREAS)),
            *((f"phone {n}", lambda p=p: p.cards(AREAS)) for n, p in enumerate(self.phones, start=1)),
            *((f"guest {n}", lambda g=g: g.cards) for n, g in enumerate(self.crowd.guests, start=1)),
        ]
        for name, board in boards:
            try:
                wait_until(lambda board=board: board() == expected, name)
            except TimeoutError:
                assert board() == expected, name


@pytest.fixture
def group(town: Town, open_page: OpenPage, node_client: NodeClient) -> Group:
    """Plan the meeting from its method, open it and let everybody join; nobody has consented yet."""
    with town.server.inside():
        dialogue = db.session.get_one(Dialogue, town.dialogue)
        olles_account = a_user("moderator", dialogue.organisation, dialogue=dialogue, name="Olle").email
    moa = ModeratorsTablet.of(open_page, town.url)
    moa.signs_in(town.moderator)
    moa.plans(DIALOGUE, MEETING, "Fokusgrupp")
    meeting = int(moa.page.url.rpartition("/")[2])
    moa.opens(MEETING)
    code = moa.code()
    projector = Projector.of(open_page, moa.makes_a_projector_link(), town.url)
    projector.reads(code)
    moa.page.go_back()
    moa.leads()
    olle = Observer.of(open_page, town.url)
    olle.has_a_clock_that_is_an_hour_wrong()
    olle.observes(olles_account, DIALOGUE, MEETING)
    phones = [PhoneInHand.of(open_page, town.url) for _number in range(4)]
    for phone in phones:
        phone.scans(code)
    crowd = Crowd.of(town.server, node_client, code.replace("-", ""), GUESTS)
    return Group(town, open_page, moa, olle, olles_account, projector, phones, crowd, meeting)


@pytest.mark.thorough
def test_focus_group_from_consent_to_closing_check(group: Group) -> None:
    consent_comes_first(group)
    the_first_question(group)
    the_next_question_in_the_middle_of_a_quote(group)
    the_observers_device_dies(group)
    a_yes_is_taken_back(group)
    the_moderators_device_dies_and_the_observer_leads(group)
    is_this_right(group)


def consent_comes_first(group: Group) -> None:
    group.olle.reads_title("Först: säger ni ja till det här?")
    group.olle.takes_consent(len(group.phones) + GUESTS, agreed=11)
    expect(group.olle.page.get_by_role("radio", name="Deltagare 12", exact=True)).to_have_count(0)
    for phone in group.phones:
        phone.reads("Just nu skriver vi inga nya kort")


def the_first_question(group: Group) -> None:
    """All write at the same time: the observer by number, the group on their phones."""
    group.moa.starts_next_stage("Inledande fråga")
    olle = group.olle
    olle.reads("Nästa fråga har börjat.")
    olle.follows("Gå dit")
    olle.reads_title(FIRST)
    answers = group.crowd.begin_to_write("Senast")
    olle.notes_down(QUOTE, speaker=2, quote=True)
    olle.notes_down("Många nickar")
    for number, phone in enumerate(group.phones):
        text, area = f"Det minns jag, {number}", (*AREAS, NOWHERE)[number]
        phone.is_asked(FIRST)
        phone.writes(text, area)
        phone.has_saved(text)
        group.wall[text] = area
    group.wall |= {QUOTE: NOWHERE, "Många nickar": NOWHERE} | dict(answers())
    group.all_see_the_same()
    for board in (group.moa.card(QUOTE).first, group.phones[0].others.get_by_role("listitem")):
        expect(board.filter(has_text=QUOTE)).to_contain_text("Deltagare 2")
    clocks_agree(group.moa, olle, group.projector, *group.phones)


def the_next_question_in_the_middle_of_a_quote(group: Group) -> None:
    """The observer waits: a note that was begun is added to the question that it answers."""
    olle = group.olle
    olle.begins("Jag tar bilen i stället", speaker=7, quote=True)
    where = olle.pad.bounding_box()
    group.moa.starts_next_stage("Huvudfrågor")
    for phone in group.phones:
        phone.is_asked(MAIN)
    olle.reads("Nästa fråga har börjat.")
    olle.reads_title(FIRST)
    expect(olle.pad).to_have_value("Jag tar bilen i stället")
    assert olle.pad.bounding_box() == where
    olle.presses("Lägg till")
    expect(olle.notes).to_have_count(3)
    group.wall["Jag tar bilen i stället"] = NOWHERE
    group.all_see_the_same()
    olle.follows("Gå dit")
    olle.reads_title(MAIN)
    olle.presses(FOLLOW_UP)
    asked = olle.page.get_by_role("button", name=FOLLOW_UP)
    expect(asked).to_have_attribute("aria-pressed", "true")


def the_observers_device_dies(group: Group) -> None:
    """The device dies while it adds a note: the note is saved unanswered, and another device goes on."""
    old = group.olle
    gone: list[int] = []
    old.page.route("**/notes", lambda route: without_an_answer(route, gone))
    old.begins("Det saknas en bänk vid hållplatsen", speaker=4)
    old.presses("Lägg till")
    wait_until(lambda: old.page.evaluate("() => true") and gone, "the note to reach the server")
    old.page.context.close()
    assert gone == [201]

    group.olle = olle = Observer.of(group.open_page, group.town.url)
    olle.observes(group.olles_account, DIALOGUE, MEETING)
    olle.reads_title(MAIN)
    expect(olle.notes).to_contain_text(["Det saknas en bänk vid hållplatsen"])
    asked = olle.page.get_by_role("button", name=FOLLOW_UP)
    expect(asked).to_have_attribute("aria-pressed", "true")
    olle.notes_down("Ljuset är det bästa som hänt", speaker=2, quote=True)
    group.wall |= dict.fromkeys(
        ("Det saknas en bänk vid hållplatsen", "Ljuset är det bästa som hänt"), NOWHERE
    )
    group.wall |= dict(group.crowd.begin_to_write("Bra och dåligt")())
    group.all_see_the_same()
    group.moa.presses("+5 min")
    clocks_agree(group.moa, olle, group.projector, *group.phones)


def without_an_answer(route: Route, gone: list[int]) -> None:
    gone.append(route.fetch().status)


def a_yes_is_taken_back(group: Group) -> None:
    """The words of participant 2 disappear everywhere; after undo they are back in their places."""
    olle, theirs = group.olle, (QUOTE, "Ljuset är det bästa som hänt")
    olle.page.get_by_text("Gruppen: 12").click()
    olle.presses("Tar tillbaka sitt ja (2)")
    olle.reads("2 kort är dolda.")
    for text in theirs:
        del group.wall[text]
    group.all_see_the_same()
    olle.page.get_by_text("Gruppen: 12").click()
    olle.presses("Ångra: visa igen vad 2 har sagt")
    group.wall |= dict.fromkeys(theirs, NOWHERE)
    group.all_see_the_same()


def the_moderators_device_dies_and_the_observer_leads(group: Group) -> None:
    """The tablet goes black while dots are given, and the observer's own tablet leads on."""
    group.moa.starts_next_stage("Vad väger tyngst?")
    for phone in group.phones:
        phone.reads("Du har 5 pluppar att ge")
        phone.gives_a_dot(QUOTE)
        phone.reads("Du har 4 pluppar att ge")
    group.moa.begins_to_say("Nu är det bara en minut")
    group.moa.page.context.close()
    with group.town.server.inside():
        card = db.session.scalars(select(Card.id).where(Card.text == QUOTE)).one()
    group.crowd.give_a_dot(card)

    group.olle.follows("Rummet: gå vidare till nästa fråga")
    group.moa = lead = ModeratorsTablet(group.olle.page, group.town.url)
    lead.looks_at("Väggen")
    lead.is_in("Vad väger tyngst?")
    expect(lead.card(QUOTE, NOWHERE)).not_to_contain_text("●")
    clocks_agree(lead, group.projector, *group.phones)
    lead.starts_next_stage("Har vi förstått rätt?")
    expect(lead.card(QUOTE, NOWHERE)).to_contain_text("● 12")
    group.all_see_the_same()


def is_this_right(group: Group) -> None:
    """The closing check is kept once, also when it is sent twice, and everybody gets a receipt."""
    lead, olle = group.moa, group.olle
    lead.page.get_by_text("Mer", exact=True).click()
    lead.follows("Observera som fokusgrupp")
    summary = "Bussen och bänkarna är viktigast för er."
    olle.keeps_a_check(summary, agreed=9, differed=2, wanted="Ljuset också.")
    olle.keeps_a_check(summary, agreed=9, differed=2, wanted="Ljuset också.")
    with group.town.server.inside():
        kept = db.session.scalars(select(ClosingCheck)).one()
        assert (kept.summary, kept.agreed, kept.differed) == (summary, 9, 2)

    olle.follows("Rummet: gå vidare till nästa fråga")
    lead.goes_to_the_meetings_page()
    lead.closes()
    for phone in group.phones:
        phone.reads_title("Tack! Mötet är stängt.")
    group.projector.reads("Flest pluppar")
    assert group.on_disk() == sorted(group.wall.items())
    assert group.written() == [
        (QUOTE, "quote", 2, "Inledande fråga"),
        ("Många nickar", None, None, "Inledande fråga"),
        ("Jag tar bilen i stället", "quote", 7, "Inledande fråga"),
        ("Det saknas en bänk vid hållplatsen", None, 4, "Huvudfrågor"),
        ("Ljuset är det bästa som hänt", "quote", 2, "Huvudfrågor"),
    ]
