"""Read a dialogue into a snapshot, in a number of queries that does not grow with the cards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..areas.models import FocusArea
from ..cards.models import Card
from ..cards.queries import in_report
from ..db import db, utcnow
from ..dialogues.models import CardKind, Dialogue
from ..documents.translation import Translator
from ..meetings.models import Meeting, Participant, Table
from ..work.cooperative import cooperatively
from .facts import AreaFacts, CardFacts, DialogueFacts, LeftOut, MeetingFacts
from .labels import NO_AREA, NO_CONCLUSIONS, SELF_SELECTED
from .snapshot import Snapshot

#: States that are counted together as waiting. Withdrawn cards are not counted: they were taken back.
_WAITING = ("pending", "held")
#: The number of rows that are read at a time.
BATCH_SIZE = 200


def gather_snapshot(dialogue: Dialogue, *, number: int = 0, now: datetime | None = None) -> Snapshot:
    """Return the report of *dialogue* as it stands now; *number* 0 is the live page."""
    language = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    translator = Translator(language, str(current_app.config["BABEL_DEFAULT_TIMEZONE"]))
    meetings = _meetings(dialogue.id)
    kinds = list(db.session.scalars(select(CardKind).order_by(CardKind.position, CardKind.code)))
    cards = _read_cards(dialogue.id, translator)
    areas = _areas(dialogue, cards.by_area)
    used = {card.kind for in_area in cards.by_area.values() for card in in_area}
    return Snapshot(
        organisation=dialogue.organisation.name,
        dialogue=_dialogue(dialogue, language),
        number=number,
        created_at=(now or utcnow()).isoformat(timespec="seconds"),
        meetings=meetings,
        areas=(
            *areas,
            *_no_area(cards.by_area, translator),
        ),
        left_out=cards.left_out,
        kinds=tuple((kind.code, _label(kind, language)) for kind in kinds if kind.code in used),
        limitations=(translator._(SELF_SELECTED), translator._(NO_CONCLUSIONS), *_completeness(meetings)),
        language=language,
        timezone=str(translator.zone),
    )


def _label(kind: CardKind, language: str) -> str:
    return kind.label_sv if language == "sv" else kind.label_en


def _dialogue(dialogue: Dialogue, language: str) -> DialogueFacts:
    level = dialogue.level
    swedish = language == "sv"
    return DialogueFacts(
        id=dialogue.id,
        title=dialogue.title,
        question=dialogue.question,
        why=dialogue.why,
        can_influence=dialogue.can_influence,
        cannot_influence=dialogue.cannot_influence,
        level=(level.label_sv if swedish else level.label_en) if level else "",
        promise=(level.promise_sv if swedish else level.promise_en) if level else "",
        target_group=dialogue.target_group,
        case_number=dialogue.case_number,
        decision_date=dialogue.decision_date.isoformat() if dialogue.decision_date else None,
        body=dialogue.body.name if dialogue.body else "",
        official=dialogue.official.name if dialogue.official else "",
        example=dialogue.example,
    )


def _meetings(dialogue_id: int) -> tuple[MeetingFacts, ...]:
    """Return the meetings that have been opened, in order of time, with the number of devices that joined."""
    joined = (
        select(Participant.meeting_id, func.count().label("devices"))
        .join(Meeting)
        .where(Meeting.dialogue_id == dialogue_id, Participant.removed_at.is_(None))
        .group_by(Participant.meeting_id)
        .subquery()
    )
    query = (
        select(Meeting, joined.c.devices)
        .outerjoin(joined, joined.c.meeting_id == Meeting.id)
        .where(Meeting.dialogue_id == dialogue_id, Meeting.state != "planned")
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return tuple(
        MeetingFacts(
            id=meeting.id,
            title=meeting.title,
            form=meeting.form,
            place=meeting.place,
            starts_at=meeting.starts_at.isoformat() if meeting.starts_at else None,
            ends_at=meeting.ends_at.isoformat() if meeting.ends_at else None,
            method=meeting.method_name,
            attendance=meeting.attendance,
            attendance_basis=meeting.attendance_basis,
            devices=devices or 0,
            completeness=meeting.completeness,
            state=meeting.state,
        )
        for meeting, devices in db.session.execute(query)
    )


def _completeness(meetings: tuple[MeetingFacts, ...]) -> list[str]:
    return [f"{meeting.title}: {meeting.completeness}" for meeting in meetings if meeting.completeness]


@dataclass(slots=True)
class _CardsByArea:
    by_area: dict[int | None, list[CardFacts]] = field(default_factory=lambda: defaultdict(list))
    left_out: LeftOut = field(default_factory=LeftOut)


def _read_cards(dialogue_id: int, translator: Translator) -> _CardsByArea:
    """Read every card of the dialogue in one query, so that cards and numbers agree with each other.

    The text of a card that is not in the report is not read from the database.
    """
    query = (
        select(
            Card.id,
            case((in_report(), Card.text), else_="").label("text"),
            in_report().label("seen"),
            Card.state,
            Card.channel,
            Card.meeting_id,
            Card.area_id,
            Card.area_source,
            Card.kind_code,
            Card.round,
            Card.parent_id,
            Card.stands_for,
            Card.late,
            Card.lang,
            Card.dots,
            Card.speaker,
            Table.number.label("table_number"),
            Table.name.label("table_name"),
        )
        .join(Meeting, Meeting.id == Card.meeting_id)
        .outerjoin(Table, Table.id == Card.table_id)
        .where(Meeting.dialogue_id == dialogue_id)
        .order_by(Card.id)
    )
    found = _CardsByArea()
    other_states: dict[str, int] = defaultdict(int)
    # Rows are read in batches: reading a large dialogue in one go would make everybody else wait.
    for row in cooperatively(db.session.execute(query.execution_options(yield_per=BATCH_SIZE))):
        if row.seen:
            found.by_area[row.area_id].append(_card(row, translator))
        else:
            other_states[row.state] += 1
    found.left_out = LeftOut(
        hidden=other_states["hidden"],
        waiting=sum(other_states[state] for state in _WAITING),
    )
    return found


def _card(row: Row[tuple[object, ...]], translator: Translator) -> CardFacts:
    table = row.table_name or (
        translator._("Table %(number)s", number=row.table_number) if row.table_number else ""
    )
    return CardFacts(
        id=row.id,
        text=row.text,
        channel=row.channel,
        meeting=row.meeting_id,
        kind=row.kind_code,
        table=table,
        round=row.round,
        parent=row.parent_id,
        placement=row.area_source,
        stands_for=row.stands_for,
        late=row.late,
        lang=row.lang,
        dots=row.dots,
        speaker=row.speaker,
    )


def _areas(dialogue: Dialogue, by_area: dict[int | None, list[CardFacts]]) -> list[AreaFacts]:
    """Return the dialogue's areas in its order, then any other area that has cards of the dialogue."""
    chosen = [each.area_id for each in dialogue.chosen_areas]
    ids = {*chosen, *(area_id for area_id in by_area if area_id is not None)}
    query = select(FocusArea).options(selectinload(FocusArea.responsible)).where(FocusArea.id.in_(ids))
    areas = {area.id: area for area in db.session.scalars(query)}
    order = [*chosen, *sorted(areas.keys() - set(chosen))]
    return [
        AreaFacts(
            id=area.id,
            name=area.name,
            progress=area.purpose_progress,
            collaboration=area.purpose_collaboration,
            responsible=tuple(party.name for party in area.responsible),
            cards=tuple(by_area.get(area.id, ())),
        )
        for area in (areas[area_id] for area_id in order)
    ]


def _no_area(by_area: dict[int | None, list[CardFacts]], translator: Translator) -> list[AreaFacts]:
    cards = by_area.get(None)
    return [AreaFacts(id=None, name=translator._(NO_AREA), cards=tuple(cards))] if cards else []


def load_dialogue(dialogue_id: int) -> Dialogue | None:
    """Return the dialogue with all that its report needs; None when it does not exist."""
    query = (
        select(Dialogue)
        .options(
            joinedload(Dialogue.organisation),
            joinedload(Dialogue.level),
            joinedload(Dialogue.body),
            joinedload(Dialogue.official),
            selectinload(Dialogue.chosen_areas),
        )
        .where(Dialogue.id == dialogue_id)
    )
    return db.session.scalar(query)
