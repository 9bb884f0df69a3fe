"""Read the facts about a meeting for the head of its minutes."""

from __future__ import annotations

from collections import defaultdict

from flask import current_app
from sqlalchemy import func, or_, select

from ..areas.models import FocusArea
from ..audit.models import AuditEntry
from ..cards.models import Card
from ..cards.queries import in_report
from ..db import db
from ..meetings.models import Activity, Meeting, Participant
from ..people.models import User
from .facts import Facts

#: Cards of these channels were written during the stage they carry. Paper is typed in whenever there is time.
WRITTEN_DURING_STAGE = ("live", "online", "interview")
#: Audited acts that only somebody who leads a meeting does.
_LEADING = ("meeting.open", "meeting.stage", "meeting.close")


def gather_facts(meeting: Meeting, writer_id: int | None = None) -> Facts:
    """Return the facts as they stand now; *writer_id* is the user who began the draft."""
    dialogue = meeting.dialogue
    joined = select(func.count(Participant.id)).where(
        Participant.meeting_id == meeting.id, Participant.removed_at.is_(None)
    )
    writer = db.session.get(User, writer_id) if writer_id is not None else None
    return Facts(
        organisation=dialogue.organisation.name,
        dialogue=dialogue.title,
        meeting=meeting.title,
        form=meeting.form,
        place=meeting.place,
        starts_at=meeting.starts_at.isoformat() if meeting.starts_at else None,
        ends_at=meeting.ends_at.isoformat() if meeting.ends_at else None,
        method=meeting.method_name,
        case_number=dialogue.case_number,
        led_by=_led_by(meeting.id),
        written_by=writer.name if writer is not None else "",
        attendance=meeting.attendance,
        attendance_basis=meeting.attendance_basis,
        devices=db.session.scalar(joined) or 0,
        completeness=meeting.completeness,
        areas=_areas(meeting),
        hidden=db.session.scalar(
            select(func.count()).where(Card.meeting_id == meeting.id, Card.state == "hidden")
        )
        or 0,
        stages=_stages(meeting),
        example=dialogue.example,
        language=str(current_app.config["BABEL_DEFAULT_LOCALE"]),
        timezone=str(current_app.config["BABEL_DEFAULT_TIMEZONE"]),
    )


def _led_by(meeting_id: int) -> tuple[str, ...]:
    """Return the names of those who led the meeting, by the audit entries and activities of leading it."""
    noted = select(AuditEntry.actor_id).where(
        AuditEntry.object_kind == "meeting",
        AuditEntry.object_id == meeting_id,
        AuditEntry.actor_kind == "user",
        AuditEntry.action.in_(_LEADING),
    )
    acted = select(Activity.user_id).where(Activity.meeting_id == meeting_id)
    query = select(User.name).where(or_(User.id.in_(noted), User.id.in_(acted))).order_by(User.name)
    return tuple(db.session.scalars(query))


def _areas(meeting: Meeting) -> tuple[tuple[str, dict[str, int]], ...]:
    """Return the number of cards by focus area and channel, also for areas of the dialogue without cards."""
    query = (
        select(Card.area_id, Card.channel, func.count())
        .where(Card.meeting_id == meeting.id, in_report())
        .group_by(Card.area_id, Card.channel)
    )
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    for area_id, channel, number in db.session.execute(query):
        numbers[area_id][channel] = number
    names: dict[int | None, str] = {area.id: area.name for area in meeting.areas}
    strays = [number for number in numbers if number is not None and number not in names]
    if strays:  # areas that were removed from the dialogue after somebody had written in them
        found = select(FocusArea.id, FocusArea.name).where(FocusArea.id.in_(strays)).order_by(FocusArea.id)
        names.update(dict(db.session.execute(found).tuples().all()))
    if None in numbers:
        names[None] = ""
    return tuple((name, numbers.get(number, {})) for number, name in names.items())


def _stages(meeting: Meeting) -> tuple[tuple[int, int], ...]:
    """Return the number of cards by the stage they were written in, where that is known."""
    query = (
        select(Card.stage_id, func.count())
        .where(
            Card.meeting_id == meeting.id,
            in_report(),
            Card.stage_id.is_not(None),
            Card.channel.in_(WRITTEN_DURING_STAGE),
        )
        .group_by(Card.stage_id)
    )
    return tuple((stage, number) for stage, number in db.session.execute(query) if stage is not None)
