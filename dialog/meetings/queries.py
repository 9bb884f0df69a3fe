"""Find meetings through the person who asks; a stranger finds nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..areas.models import FocusArea
from ..db import db, utcnow
from ..dialogues.models import CardKind, Dialogue, DialogueArea
from ..errors import NotFound
from ..live.schema import Place, StageNow
from ..live.subscriptions import Position
from ..people.models import User
from .meeting_like import AnnouncementLike, MeetingLike
from .models import (
    Activity,
    Announcement,
    DisplayLink,
    Installation,
    Meeting,
    MeetingKind,
    Participant,
    Table,
)
from .permissions import allows_moving, allows_voting, allows_writing, is_open, may_lead, sees_others


def _complete_meeting() -> Select[Meeting]:
    """Return the query for a meeting with all that a page or an event about it needs, in few queries."""
    dialogue = joinedload(Meeting.dialogue)
    return select(Meeting).options(
        dialogue.joinedload(Dialogue.organisation),
        dialogue.joinedload(Dialogue.level),
        dialogue.selectinload(Dialogue.chosen_areas)
        .joinedload(DialogueArea.area)
        .load_only(FocusArea.id, FocusArea.name, FocusArea.colour, FocusArea.position),
        selectinload(Meeting.offered_kinds).joinedload(MeetingKind.kind),
        joinedload(Meeting.stage),
    )


#: Built once: on the hot path, putting a statement together costs more than running it.
_NOW = (
    select(Meeting)
    .options(joinedload(Meeting.stage), joinedload(Meeting.dialogue))
    .where(Meeting.id == bindparam("id"))
    .execution_options(populate_existing=True)
)
_AREAS = (
    select(FocusArea.id, FocusArea.name)
    .join(DialogueArea, DialogueArea.area_id == FocusArea.id)
    .where(DialogueArea.dialogue_id == bindparam("dialogue_id"))
    .order_by(DialogueArea.position)
)
_KINDS = (
    select(CardKind.code, CardKind.label_sv, CardKind.label_en)
    .join(MeetingKind, MeetingKind.kind_code == CardKind.code)
    .where(MeetingKind.meeting_id == bindparam("meeting_id"))
    .order_by(MeetingKind.position)
)
_EPOCH = select(Installation.epoch)


def meeting_now(meeting_id: int) -> Meeting:
    """Return the meeting with stage and dialogue, read afresh: all that an event or a delivery needs."""
    meeting = db.session.scalar(_NOW, {"id": meeting_id})
    if meeting is None:
        raise NotFound
    return meeting


def meeting_by_id(meeting_id: int) -> Meeting:
    """Return the meeting, for a caller that has checked who asks; ``NotFound`` if there is none."""
    meeting = db.session.scalar(_complete_meeting().where(Meeting.id == meeting_id))
    if meeting is None:
        raise NotFound
    return meeting


def meeting_for(user: User | None, meeting_id: int) -> Meeting:
    """Return the meeting for somebody who may lead it; to everyone else it does not exist."""
    meeting = meeting_by_id(meeting_id)
    if not may_lead(user, meeting):
        raise NotFound
    return meeting


def meetings_of(dialogue_id: int) -> list[Meeting]:
    """Return the meetings of a dialogue, in order of time."""
    query = select(Meeting).where(Meeting.dialogue_id == dialogue_id).order_by(Meeting.starts_at, Meeting.id)
    return list(db.session.scalars(query))


def areas_to_choose(dialogue_id: int) -> list[dict[str, Any]]:
    """Return the dialogue's areas in order, for a client with pages of its own."""
    rows = db.session.connection().execute(_AREAS, {"dialogue_id": dialogue_id})
    return [{"id": row.id, "name": row.name} for row in rows]


def kinds_to_choose(meeting_id: int, language: str) -> list[dict[str, str]]:
    """Return the kinds of card that a meeting offers, in order, named in *language*."""
    rows = db.session.connection().execute(_KINDS, {"meeting_id": meeting_id})
    return [{"code": row.code, "label": row.label_en if language == "en" else row.label_sv} for row in rows]


def online_meeting(meeting_id: int) -> Meeting | None:
    """Return the open meeting with a public address, or None."""
    meeting = db.session.scalar(
        _complete_meeting().where(Meeting.id == meeting_id, Meeting.form != "in_person")
    )
    return meeting if meeting is not None and is_open(meeting) else None


def open_online_meetings() -> list[Meeting]:
    """Return the open meetings with a public address, the one that ends first on top."""
    now = utcnow()
    query = (
        _complete_meeting()
        .where(Meeting.form != "in_person", Meeting.state == "open")
        .order_by(Meeting.ends_at.is_(None), Meeting.ends_at, Meeting.id)
    )
    return [meeting for meeting in db.session.scalars(query) if is_open(meeting, now)]


def last_ended_link(meeting_id: int) -> int:
    """Return the id of the meeting's newest revoked projector link, 0 for none."""
    query = select(func.max(DisplayLink.id)).where(
        DisplayLink.meeting_id == meeting_id, DisplayLink.revoked_at.is_not(None)
    )
    return db.session.scalar(query) or 0


def user_by_id(user_id: int) -> User | None:
    return db.session.get(
        User, user_id, options=[selectinload(User.memberships), selectinload(User.assignments)]
    )


def joined_devices(meeting_id: int) -> int:
    """Return how many devices joined. This is never a number of people."""
    query = select(func.count(Participant.id)).where(
        Participant.meeting_id == meeting_id, Participant.removed_at.is_(None)
    )
    return db.session.scalar(query) or 0


def epoch() -> str:
    """Return the string that changes when a backup is restored."""
    return db.session.scalar(_EPOCH) or ""


def stage_now(meeting: MeetingLike) -> StageNow:
    """Return where the meeting is, as it is sent to every device."""
    stage = meeting.stage
    return StageNow(
        id=stage.id if stage else None,
        position=stage.position if stage else None,
        name=stage.name if stage else "",
        prompt=meeting.asked,
        minutes=stage.minutes if stage else None,
        state=meeting.state,
        write=allows_writing(meeting),
        see=sees_others(meeting),
        vote=allows_voting(meeting),
        move=allows_moving(meeting),
        chat=stage is not None and stage.may_chat and not meeting.locked,
        hold=stage is not None and stage.holds,
        locked=meeting.locked,
        began_at=_milliseconds(meeting.stage_began_at),
        ends_at=_milliseconds(meeting.stage_ends_at),
        left=meeting.stage_left,
        display=meeting.display,
        message=_said(meeting.announcement),
    )


def _milliseconds(instant: datetime | None) -> int | None:
    return None if instant is None else round(instant.timestamp() * 1000)


def _said(announcement: AnnouncementLike | None) -> dict[str, Any] | None:
    return None if announcement is None else {"id": announcement.id, "text": announcement.text}


def place_of(participant: Participant) -> Place:
    """Return the table of a device and the announcement to it."""
    if participant.table_id is None:
        return Place()
    return _places(participant.meeting_id, participant.table_id)[participant.table_id]


def read_places(meeting_id: int) -> dict[int, Place]:
    """Return the place of each device at a table, by participant id."""
    places = _places(meeting_id)
    seated = select(Participant.id, Participant.table_id).where(
        Participant.meeting_id == meeting_id, Participant.table_id.is_not(None)
    )
    return {row.id: places[row.table_id] for row in db.session.execute(seated)}


def _places(meeting_id: int, table_id: int | None = None) -> dict[int, Place]:
    """Return the place that the devices of each table, or of one, receive."""
    tables = select(Table).where(Table.meeting_id == meeting_id)
    standing = select(Announcement).where(
        Announcement.meeting_id == meeting_id,
        Announcement.table_id.is_not(None),
        Announcement.ended_at.is_(None),
    )
    if table_id is not None:
        tables, standing = (
            tables.where(Table.id == table_id),
            standing.where(Announcement.table_id == table_id),
        )
    said = {each.table_id: _said(each) for each in db.session.scalars(standing.order_by(Announcement.id))}
    return {
        table.id: Place({"id": table.id, "number": table.number, "name": table.name}, said.get(table.id))
        for table in db.session.scalars(tables)
    }


def read_positions(meeting_ids: list[int]) -> tuple[str, dict[int, Position]]:
    """Return the epoch and the position of each of the meetings, for the heartbeat."""
    query = (
        select(Meeting)
        .options(
            joinedload(Meeting.stage),
            joinedload(Meeting.announcement),
            joinedload(Meeting.dialogue).load_only(Dialogue.question),
        )
        .where(Meeting.id.in_(meeting_ids))
        # A session that lives through several beats must not answer from memory.
        .execution_options(populate_existing=True)
    )
    return epoch(), {
        meeting.id: Position(
            meeting.seq, stage_now(meeting), meeting.place_seq, meeting.act_seq, meeting.chat_seq
        )
        for meeting in db.session.scalars(query).unique()
    }


def latest_activities(meeting_id: int, limit: int = 30) -> list[tuple[Activity, str]]:
    """Return the newest entries of the activity log, newest first, each with the name of who did it."""
    query = (
        select(Activity, User.name)
        .join(User, User.id == Activity.user_id)
        .where(Activity.meeting_id == meeting_id)
        .order_by(Activity.id.desc())
        .limit(limit)
    )
    return [(activity, name) for activity, name in db.session.execute(query)]
