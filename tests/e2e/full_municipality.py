"""One municipality with full and with empty pages: long words, many cards, faults."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page

from dialog.areas.models import FocusArea
from dialog.cards.create_actions import Added, NewCard, add_cards
from dialog.cards.moderation_actions import hide_card
from dialog.db import db, utcnow
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import methods_of
from dialog.facilitation import stage_actions
from dialog.intake.actions import create_intake
from dialog.joining.actions import join_meeting
from dialog.meetings import actions as meetings
from dialog.meetings.actor import Actor
from dialog.meetings.models import Meeting
from dialog.people.models import User
from dialog.reports import actions as reports
from tests import browser
from tests.e2e import full_meetings
from tests.e2e.full_meetings import LONG_TEXT, LONG_WORD, Groups, Written, go_to, planned
from tests.factories import a_body, a_dialogue, a_meeting, a_user, an_area, an_organisation
from tests.live_server import LiveServer

ORDINARY = (
    "Bättre belysning vid busshållplatsen",
    "Fler bänkar i solen",
    "Vem svarar på våra förslag, och när?",
    LONG_TEXT,
    LONG_WORD,
    "خذوا وقتكم للاستماع إلى الشباب",
    "Sommarjobb åt alla som vill 🌻",
)


@dataclass(frozen=True)
class Municipality:
    """The ids and addresses of the rows that were made."""

    server: LiveServer
    organisation: int
    dialogue: int
    area: int
    method: int
    own_method: int
    administrator: int
    colleague: int
    full: int
    full_code: str
    full_token: str
    own_card: int
    empty: int
    empty_code: str
    empty_token: str
    closed: int
    closed_token: str
    voting: int
    voting_token: str
    table: int
    table_token: str
    hiding: int
    hiding_token: str
    counted: int
    online: int
    planned: int
    intake: int
    groups: Groups
    minutes: Written
    display: str
    empty_display: str
    counted_display: str
    draft: int
    published: int
    withdrawn: int

    @property
    def url(self) -> str:
        return self.server.url

    def shows(self, view: str) -> str:
        """Set the view of the projector of a full or an «empty …» meeting, and return the link's token."""
        name = view.removeprefix("empty ")
        meeting, display = self.full, self.display
        if name == "results":
            meeting, display = self.counted, self.counted_display
        if name != view:
            meeting, display = self.empty, self.empty_display
        with self.server.inside():
            user = db.session.get_one(User, self.administrator)
            stage_actions.set_display(user, db.session.get_one(Meeting, meeting), name)
        return display

    def seat(self, page: Page, *, staff: bool) -> None:
        """Sign this browser in, or make it a participant of every meeting."""
        if staff:
            browser.sign_in(page, self.server, self.administrator)
            return
        tokens = {
            self.full: self.full_token,
            self.empty: self.empty_token,
            self.closed: self.closed_token,
            self.voting: self.voting_token,
            self.table: self.table_token,
            self.hiding: self.hiding_token,
        }
        page.context.add_cookies(
            [
                {"name": f"dialog_p_{meeting}", "value": token, "url": self.url}
                for meeting, token in tokens.items()
            ]
        )


def build(server: LiveServer) -> Municipality:
    """Create everything through the product's own actions."""
    with server.inside():
        organisation = an_organisation("Landsbygdskommunen vid Norra Storsjön", colour="#0f4c5c")
        areas = (
            an_area(organisation, "Trygghet", responsible=("Räddningstjänsten",)),
            an_area(organisation, "Trafik, kommunikationer och gemensamma resurser i hela kommunen"),
            an_area(organisation, "Landsbygdsutvecklingssamverkansgruppernas"),
            an_area(organisation, "Barn och unga"),
            an_area(organisation, "Kultur och fritid"),
            an_area(organisation, "Företagande"),
        )
        dialogue = a_dialogue(
            organisation,
            areas=areas,
            title=f"En lång rubrik: {LONG_TEXT}"[:200],
            question=LONG_TEXT,
            why=LONG_TEXT,
            can_influence=LONG_TEXT,
            cannot_influence=LONG_WORD,
            body_id=a_body(organisation, "Kommunstyrelsens samhällsbyggnadsutskott").id,
            state="running",
        )
        admin = a_user(
            ("administrator", "moderator", "official"),
            organisation,
            dialogue=dialogue,
            name="Alva Administratör",
        )
        colleague = a_user("moderator", organisation, dialogue=dialogue, name="Kim Kollega")
        full = planned(admin, dialogue, "Stormötet i Folkets hus, med alla som ville komma", tables=8)
        meetings.open_meeting(admin, full)
        stage_actions.go_to_stage(admin, full, full.stages[1].id, full.stages[0].id)
        author = join_meeting(full.id)
        cards = _write(full, author.id, areas, 200)
        hide_card(Actor(full, user=admin), cards[0].id, "Pekar ut en person", cards[0].seq)
        _pending(admin, full, author.id)
        full_meetings.everything_at_once(admin, full, author.id)
        empty = planned(admin, dialogue, "Ett möte där ingen skrivit än", tables=8)
        meetings.open_meeting(admin, empty)
        stage_actions.go_to_stage(admin, empty, empty.stages[1].id, empty.stages[0].id)
        nobody = join_meeting(empty.id)
        closed = a_meeting(dialogue, title="Mötet som varit", attendance=23, attendance_basis="counted")
        writer = join_meeting(closed.id)
        _write(closed, writer.id, areas, 20)
        stage_actions.close_meeting(admin, closed)
        voting = planned(admin, dialogue, "Mötet där det röstas", tables=8)
        meetings.open_meeting(admin, voting)
        go_to(admin, voting, "collect")
        voter = join_meeting(voting.id)
        _write(voting, voter.id, areas, 40)
        go_to(admin, voting, "vote")
        table = planned(admin, dialogue, "Mötet med en surfplatta på varje bord", tables=8)
        meetings.open_meeting(admin, table)
        go_to(admin, table, "collect")
        tablet = join_meeting(table.id, table_number=3)
        _write(table, tablet.id, areas, 20)
        full_meetings.tells(admin, table)
        hiding = planned(admin, dialogue, "Mötet där alla skriver för sig själva", tables=8)
        meetings.open_meeting(admin, hiding)
        full_meetings.hide_writing(admin, hiding)
        hidden = join_meeting(hiding.id)
        _write(hiding, hidden.id, areas, 12)
        full_meetings.tells(admin, hiding, hidden.id)
        counted = planned(admin, dialogue, "Mötet där det har röstats", tables=8)
        meetings.open_meeting(admin, counted)
        go_to(admin, counted, "collect")
        giver = join_meeting(counted.id)
        full_meetings.vote_and_count(
            admin, counted, giver.id, [card.id for card in _write(counted, giver.id, areas, 12)]
        )
        intake = _typed_in(admin, closed)
        written = full_meetings.write_minutes(admin, closed)
        groups = full_meetings.groups(admin, dialogue)
        online = a_meeting(
            dialogue,
            title="Forum på nätet",
            form="online",
            approval=True,
            ends_at=utcnow() + timedelta(days=5),
        )
        to_come = planned(admin, dialogue, "Mötet som ska bli", tables=8)
        withdrawn = _report(admin, dialogue)
        reports.publish(admin, withdrawn)
        reports.withdraw(admin, withdrawn, LONG_TEXT)
        published = _report(admin, dialogue)
        reports.publish(admin, published)
        draft = reports.freeze(admin, dialogue.id).id
        return Municipality(
            server=server,
            organisation=organisation.id,
            dialogue=dialogue.id,
            area=areas[1].id,
            method=methods_of(organisation.id)[0].id,
            own_method=full_meetings.own_method(admin, dialogue),
            administrator=admin.id,
            colleague=colleague.id,
            full=full.id,
            full_code=full.join_code or "",
            full_token=author.token,
            own_card=cards[-1].id,
            empty=empty.id,
            empty_code=empty.join_code or "",
            empty_token=nobody.token,
            closed=closed.id,
            closed_token=writer.token,
            voting=voting.id,
            voting_token=voter.token,
            table=table.id,
            table_token=tablet.token,
            hiding=hiding.id,
            hiding_token=hidden.token,
            counted=counted.id,
            groups=groups,
            minutes=written,
            online=online.id,
            intake=intake,
            planned=to_come.id,
            display=meetings.create_display_link(admin, full),
            empty_display=meetings.create_display_link(admin, empty),
            counted_display=meetings.create_display_link(admin, counted),
            draft=draft,
            published=published,
            withdrawn=withdrawn,
        )


def _typed_in(user: User, meeting: Meeting) -> int:
    """Save two notes from paper, and return the number of the intake."""
    cards = [
        NewCard(meeting_id=meeting.id, user_id=user.id, uuid=str(uuid.uuid4()), text=text, channel="paper")
        for text in (LONG_TEXT, LONG_WORD)
    ]
    return create_intake(user, meeting, str(uuid.uuid4()), cards, whole=True)[0].id


def _write(meeting: Meeting, participant: int, areas: tuple[FocusArea, ...], count: int) -> list[Added]:
    kinds = [kind.code for kind in meeting.kinds]
    batch = [
        NewCard(
            meeting_id=meeting.id,
            participant_id=participant,
            uuid=str(uuid.uuid4()),
            text=f"{ORDINARY[number % len(ORDINARY)]} {number}",
            area=([area.id for area in areas] + [None])[number % (len(areas) + 1)],
            kind=kinds[number % len(kinds)],
        )
        for number in range(count)
    ]
    added = [outcome for outcome in add_cards(batch) if isinstance(outcome, Added)]
    assert len(added) == count
    return added


def _pending(user: User, meeting: Meeting, participant: int) -> None:
    meetings.change_meeting(user, meeting, approval=True)
    _write(meeting, participant, (), 2)


def _report(user: User, dialogue: Dialogue) -> int:
    report = reports.freeze(user, dialogue.id)
    reports.mark_reviewed(user, report.id)
    return report.id
