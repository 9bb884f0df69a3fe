"""One municipality with everything that pages can be full of, or empty of: long words, many cards, faults."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page

from dialog.areas.models import FocusArea
from dialog.cards import running
from dialog.cards.actions import hide_card
from dialog.cards.adding import Added, NewCard, add_cards
from dialog.cards.intake.actions import take_in
from dialog.db import utcnow
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import methods_of
from dialog.meetings import actions as meetings
from dialog.meetings.actor import Actor
from dialog.meetings.joining import join
from dialog.meetings.models import Meeting
from dialog.people.models import User
from dialog.reports import actions as reports
from tests import browser
from tests.factories import a_body, a_dialogue, a_meeting, a_user, an_area, an_organisation
from tests.live_server import LiveServer

#: The longest word in a Swedish record book, and a sentence of 200 characters.
LONG_WORD = (
    "Nordvästersjökustartilleriflygspaningssimulatoranläggningsmaterielunderhållsuppföljningssystem"
    "diskussionsinläggsförberedelsearbeten"
)
LONG_TEXT = (
    "Vi som bor utmed gamla landsvägen vill ha en belyst gång- och cykelbana till skolan, bänkar "
    "med ryggstöd att vila på, och någon att ringa när lamporna "
    "är trasiga, också om det är helg eller sent på kvällen."
)
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
class House:
    """Numbers and addresses of what was made."""

    server: LiveServer
    organisation: int
    dialogue: int
    area: int
    method: int
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
    online: int
    planned: int
    intake: int
    display: str
    draft: int
    published: int
    withdrawn: int

    @property
    def url(self) -> str:
        return self.server.url

    def seat(self, page: Page, *, staff: bool) -> None:
        """Let this browser be signed in, or be a participant of every meeting."""
        if staff:
            browser.sign_in(page, self.server, self.administrator)
            return
        tokens = {
            self.full: self.full_token,
            self.empty: self.empty_token,
            self.closed: self.closed_token,
            self.voting: self.voting_token,
            self.table: self.table_token,
        }
        page.context.add_cookies(
            [
                {"name": f"dialog_p_{meeting}", "value": token, "url": self.url}
                for meeting, token in tokens.items()
            ]
        )


def build(server: LiveServer) -> House:
    """Make it all, through the product's own actions."""
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
        full = _planned(admin, dialogue, "Stormötet i Folkets hus, med alla som ville komma")
        meetings.open_meeting(admin, full)
        running.go_to_stage(admin, full, full.stages[1].id, full.stages[0].id)
        author = join(full.id)
        cards = _write(full, author.id, areas, 200)
        hide_card(Actor(full, user=admin), cards[0].id, "Pekar ut en person", cards[0].seq)
        _pending(admin, full, author.id)
        empty = _planned(admin, dialogue, "Ett möte där ingen skrivit än")
        meetings.open_meeting(admin, empty)
        running.go_to_stage(admin, empty, empty.stages[1].id, empty.stages[0].id)
        nobody = join(empty.id)
        closed = a_meeting(dialogue, title="Mötet som varit", attendance=23, attendance_basis="counted")
        writer = join(closed.id)
        _write(closed, writer.id, areas, 20)
        running.close_meeting(admin, closed)
        voting = _planned(admin, dialogue, "Mötet där det röstas")
        meetings.open_meeting(admin, voting)
        _go_to(admin, voting, "collect")
        voter = join(voting.id)
        _write(voting, voter.id, areas, 40)
        _go_to(admin, voting, "vote")
        table = _planned(admin, dialogue, "Mötet med en surfplatta på varje bord")
        meetings.open_meeting(admin, table)
        _go_to(admin, table, "collect")
        tablet = join(table.id, table_number=3)
        _write(table, tablet.id, areas, 20)
        intake = _typed_in(admin, closed)
        online = a_meeting(
            dialogue,
            title="Forum på nätet",
            form="online",
            approval=True,
            ends_at=utcnow() + timedelta(days=5),
        )
        planned = _planned(admin, dialogue, "Mötet som ska bli")
        withdrawn = _report(admin, dialogue)
        reports.publish(admin, withdrawn)
        reports.withdraw(admin, withdrawn, LONG_TEXT)
        published = _report(admin, dialogue)
        reports.publish(admin, published)
        draft = reports.freeze(admin, dialogue.id).id
        return House(
            server=server,
            organisation=organisation.id,
            dialogue=dialogue.id,
            area=areas[1].id,
            method=methods_of(organisation.id)[0].id,
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
            online=online.id,
            intake=intake,
            planned=planned.id,
            display=meetings.make_display_link(admin, full),
            draft=draft,
            published=published,
            withdrawn=withdrawn,
        )


def _planned(user: User, dialogue: Dialogue, title: str) -> Meeting:
    cafe = next(method for method in methods_of(dialogue.organisation_id) if method.key == "cafedialog")
    return meetings.create_meeting(
        user,
        dialogue,
        cafe,
        title=title,
        place="Folkets hus, stora salen, ingång från parkeringen",
        starts_at=utcnow() + timedelta(hours=1),
        ends_at=utcnow() + timedelta(hours=4),
        tables=8,
    )


def _go_to(user: User, meeting: Meeting, action: str) -> None:
    """Go to the first stage where people do this."""
    stage = next(stage for stage in meeting.stages if stage.action == action)
    running.go_to_stage(user, meeting, stage.id, meeting.stage_id)


def _typed_in(user: User, meeting: Meeting) -> int:
    """Two notes taken in from paper; the number of the act."""
    cards = [
        NewCard(meeting_id=meeting.id, user_id=user.id, uuid=str(uuid.uuid4()), text=text, channel="paper")
        for text in (LONG_TEXT, LONG_WORD)
    ]
    return take_in(user, meeting, str(uuid.uuid4()), cards, whole=True)[0].id


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
