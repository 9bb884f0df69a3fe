"""The participant page follows the stages by itself, but moves nothing while somebody writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dialog.cards.models import Card
from dialog.db import db, utcnow, write
from dialog.dialogues.models import Dialogue
from dialog.facilitation.stage_actions import close_meeting, go_to_stage, set_lock
from dialog.meetings.announcement_actions import announce, current_announcements, end_announcement
from dialog.meetings.models import Meeting, Participant, Stage, Table
from dialog.meetings.seating_actions import seat_device
from dialog.people.models import User
from tests.browser import OpenPage, Watch, axe
from tests.conftest import StartServer
from tests.e2e.conftest import Town
from tests.e2e.people import PhoneInHand
from tests.factories import a_meeting
from tests.live_server import LiveServer

STAGES: tuple[dict[str, object], ...] = (
    {"name": "Välkommen", "action": "present", "prompt": "Välkomna!"},
    {
        "name": "Runda 1",
        "action": "collect",
        "prompt": "Vad skulle få dig att stanna kvar på torget en kväll i november?",
        "minutes": 20,
        "may_write": True,
        "may_see": True,
        "round": 1,
    },
    {"name": "Tyst", "action": "collect", "prompt": "Och vad saknas?", "may_write": True, "holds": True},
    {"name": "Paus", "action": "present", "prompt": "Kaffe"},
)


@pytest.fixture
def live_server(start_server: StartServer) -> LiveServer:
    """Start a server with a short heartbeat, which soon delivers changes that the test makes."""
    return start_server(DIALOG_HEARTBEAT="0.25")


@dataclass
class Evening:
    """A meeting with stages and tables, led from another process."""

    town: Town
    meeting: int
    code: str

    def leads(self, act: Callable[[User, Meeting], object]) -> None:
        with self.town.server.inside():
            moderator = db.session.scalars(select(User).where(User.email == self.town.moderator)).one()
            act(moderator, db.session.get_one(Meeting, self.meeting))

    def goes_to(self, name: str) -> None:
        def go(user: User, meeting: Meeting) -> None:
            stage = next(stage for stage in meeting.stages if stage.name == name)
            go_to_stage(user, meeting, stage.id, meeting.stage_id)

        self.leads(go)

    def seats(self, number: int) -> None:
        """Send everybody's device to this table."""

        def seat(user: User, meeting: Meeting) -> None:
            table = next(table for table in meeting.tables if table.number == number)
            for person in db.session.scalars(
                select(Participant.id).where(Participant.kind == "person")
            ).all():
                seat_device(user, meeting, person, table.id)

        self.leads(seat)

    def time_left(self, seconds: float | None, *, paused: bool = False) -> None:
        with self.town.server.inside(), write() as session:
            meeting = session.get_one(Meeting, self.meeting)
            runs = seconds is not None and not paused
            meeting.stage_ends_at = utcnow() + timedelta(seconds=seconds or 0) if runs else None
            meeting.stage_left = int(seconds or 0) if paused else None

    def cards(self) -> list[tuple[str, str, bool]]:
        """Return each card's text, the name of the stage in which it was begun, and whether it is late."""
        with self.town.server.inside():
            query = select(Card.text, Stage.name, Card.late).join(Stage, Stage.id == Card.stage_id)
            return [tuple(row) for row in db.session.execute(query.order_by(Card.id))]


@pytest.fixture
def evening(town: Town) -> Evening:
    with town.server.inside():
        meeting = a_meeting(db.session.get_one(Dialogue, town.dialogue))
        with write() as session:
            meeting = session.get_one(Meeting, meeting.id)
            meeting.stages = [Stage(position=number, **stage) for number, stage in enumerate(STAGES)]
            meeting.tables = [Table(number=number) for number in range(1, 5)]
            session.flush()
            meeting.stage = meeting.stages[1]
        return Evening(town, meeting.id, meeting.join_code or "")


def joins(evening: Evening, phone: PhoneInHand) -> PhoneInHand:
    phone.goes(f"/j/{evening.code}")
    phone.joins()
    expect(phone.page.locator("#board")).to_have_attribute("data-ready", "yes")
    return phone


@pytest.fixture
def ada(evening: Evening, open_page: OpenPage) -> PhoneInHand:
    return joins(evening, PhoneInHand.of(open_page, evening.town.url))


def test_new_stage_waits_for_a_participant_who_writes(evening: Evening, ada: PhoneInHand) -> None:
    ada.begins("Mitt i en tanke")
    send = ada.page.get_by_role("button", name="Lägg till")
    where = ada.pad.bounding_box(), send.bounding_box()
    evening.goes_to("Tyst")
    ada.reads("Nästa moment har börjat – klar?")
    assert (ada.pad.bounding_box(), send.bounding_box()) == where
    expect(ada.pad).to_be_focused()
    ada.is_asked("Vad skulle få dig att stanna kvar på torget en kväll i november?")
    axe(ada.page)
    ada.presses("Lägg till")
    ada.is_asked("Och vad saknas?")
    ada.has_saved("Mitt i en tanke")
    assert evening.cards() == [("Mitt i en tanke", "Runda 1", True)]
    ada.reads("Ingen ser ditt kort förrän processledaren visar korten.")
    ada.writes("Tyst tanke")
    ada.has_saved("Tyst tanke", "Sparad ✓ Visas senare")
    assert evening.cards()[1:] == [("Tyst tanke", "Tyst", False)]
    axe(ada.page)


def test_draft_survives_every_change_of_stage(evening: Evening, ada: PhoneInHand) -> None:
    ada.begins("Det här vill jag inte bli av med")
    evening.goes_to("Paus")
    ada.presses("Gå vidare")
    ada.is_asked("Kaffe")
    expect(ada.pad).to_be_hidden()
    ada.reads("Just nu skriver vi inga nya kort.")
    ada.looks_again()
    evening.goes_to("Tyst")
    expect(ada.pad).to_have_value("Det här vill jag inte bli av med")


def test_locked_meeting_keeps_the_draft(evening: Evening, ada: PhoneInHand) -> None:
    ada.begins("Nästan klar")
    evening.leads(lambda user, meeting: set_lock(user, meeting, True))
    ada.reads("Processledaren har pausat skrivandet")
    expect(ada.pad).to_be_visible()
    ada.presses("Gå vidare")
    ada.reads("Processledaren har pausat skrivandet en stund. Det du hade börjat på finns kvar.")
    expect(ada.pad).to_be_hidden()
    axe(ada.page)
    evening.leads(lambda user, meeting: set_lock(user, meeting, False))
    expect(ada.pad).to_have_value("Nästan klar")


def test_participant_who_does_not_write_follows_at_once(evening: Evening, ada: PhoneInHand) -> None:
    evening.goes_to("Välkommen")
    ada.is_asked("Välkomna!")
    expect(ada.pad).to_be_hidden()
    evening.goes_to("Runda 1")
    ada.is_asked("Vad skulle få dig att stanna kvar på torget en kväll i november?")
    expect(ada.pad).to_be_visible()
    ada.begins("Kvar när mötet stänger")
    evening.leads(close_meeting)
    ada.reads("Mötet är stängt. Det du håller på att skriva finns kvar.")
    ada.presses("Gå vidare")
    ada.reads_title("Tack! Mötet är stängt.")
    expect(ada.page.get_by_role("textbox")).to_have_value("Kvar när mötet stänger")
    ada.presses("Skicka det ändå")
    ada.reads("har kommit fram ✓")


def test_timer_follows_the_servers_clock(evening: Evening, open_page: OpenPage) -> None:
    ada = PhoneInHand.of(open_page, evening.town.url)
    ada.has_a_clock_that_is_an_hour_wrong()
    joins(evening, ada)
    expect(ada.page.get_by_role("timer")).to_be_hidden()
    evening.time_left(600)
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:\d\d)$"))
    evening.time_left(301)
    spoken = ada.page.locator("#spoken-stage")
    expect(spoken).to_have_text("5 minuter kvar")
    evening.time_left(61)
    expect(spoken).to_have_text("1 minut kvar")
    evening.time_left(90, paused=True)
    expect(ada.page.get_by_role("timer")).to_have_text("Paus 1:30")
    ada.begins("Hinner inte klart")
    evening.time_left(2)
    expect(spoken).to_have_text("Tiden är ute")
    expect(ada.page.get_by_role("timer")).to_have_text("Tiden är ute")
    expect(ada.pad).to_have_value("Hinner inte klart")
    ada.presses("Lägg till")
    ada.has_saved("Hinner inte klart")


def test_announcement_waits_for_a_phone_that_slept(
    evening: Evening, ada: PhoneInHand, open_page: OpenPage
) -> None:
    ada.begins("Skriver")
    where = ada.pad.bounding_box()
    evening.leads(lambda user, meeting: announce(user, meeting, "Fikat är framdukat vid scenen."))
    message = ada.page.get_by_role("status").filter(has_text="Fikat är framdukat")
    expect(message).to_be_visible()
    assert ada.pad.bounding_box() == where
    folded = message.bounding_box()
    assert where
    assert folded
    assert folded["y"] + folded["height"] <= where["y"], "what one writes stays in view"
    expect(ada.pad).to_be_focused()
    axe(ada.page)
    message.get_by_role("button", name="Läs", exact=True).click()
    axe(ada.page)
    message.get_by_role("button", name="Jag har läst").click()
    expect(message).to_be_hidden()
    ada.looks_again()
    expect(ada.pad).to_have_value("Skriver")
    expect(message).to_be_hidden()

    late = joins(evening, PhoneInHand.of(open_page, evening.town.url))
    late.reads("Fikat är framdukat vid scenen.")
    evening.leads(lambda user, meeting: announce(user, meeting, "Vi fortsätter om fem minuter."))
    ada.reads("Vi fortsätter om fem minuter.")
    late.reads("Vi fortsätter om fem minuter.")
    expect(late.page.get_by_text("Fikat är framdukat")).to_have_count(0)

    def ends(user: User, meeting: Meeting) -> None:
        for each in current_announcements(meeting.id):
            end_announcement(user, meeting, each.id)

    evening.leads(ends)
    expect(ada.page.get_by_text("Vi fortsätter om fem minuter.")).to_be_hidden()


def test_phone_is_sent_to_another_table(evening: Evening, ada: PhoneInHand) -> None:
    evening.seats(4)
    go = ada.page.get_by_role("dialog", name="Gå till bord 4")
    expect(go).to_be_visible()
    box, size = go.bounding_box(), ada.page.viewport_size
    assert box
    assert size
    assert (box["width"], box["height"]) == (size["width"], size["height"])
    axe(ada.page)
    ada.page.keyboard.press("Enter")  # the only button has the focus
    expect(go).to_be_hidden()
    ada.reads("Bord 4")
    ada.looks_again()
    expect(ada.page.get_by_text("Bord 4")).to_be_visible()
    expect(go).to_be_hidden()

    ada.begins("Mitt i en tanke")
    evening.seats(2)
    ada.reads("Gå till bord 2")
    expect(ada.page.get_by_role("dialog")).to_be_hidden()
    expect(ada.pad).to_be_focused()
    ada.presses("Lägg till")
    expect(ada.page.get_by_role("dialog", name="Gå till bord 2")).to_be_visible()
    ada.presses("Jag är där")
    ada.has_saved("Mitt i en tanke")


def test_phone_that_slept_catches_up(evening: Evening, ada: PhoneInHand, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|WebSocket")
    path = ada.page.url
    ada.page.goto("about:blank")
    evening.seats(3)
    evening.leads(lambda user, meeting: announce(user, meeting, "Ta med stolen."))
    evening.goes_to("Tyst")
    ada.page.goto(path)
    ada.presses("Jag är där")
    ada.is_asked("Och vad saknas?")
    ada.reads("Ta med stolen.")
    ada.reads("Ingen ser ditt kort")


def test_participant_page_without_scripts_says_the_same(evening: Evening, open_page: OpenPage) -> None:
    evening.time_left(1200)
    bo = PhoneInHand.of(open_page, evening.town.url, javascript=False)
    bo.goes(f"/j/{evening.code}")
    bo.joins()
    evening.seats(4)
    evening.leads(lambda user, meeting: announce(user, meeting, "Fikat är framdukat."))
    bo.looks_again()
    bo.reads("Bord 4")
    bo.reads("Fikat är framdukat.")
    bo.reads("Tid till")
    bo.begins("Utan skript")
    evening.goes_to("Tyst")
    bo.presses("Lägg till")
    bo.has_saved("Utan skript")
    assert evening.cards() == [("Utan skript", "Runda 1", True)]
    bo.reads("Ingen ser ditt kort förrän processledaren visar korten.")
    evening.leads(lambda user, meeting: set_lock(user, meeting, True))
    bo.looks_again()
    bo.reads("Processledaren har pausat skrivandet en stund.")
