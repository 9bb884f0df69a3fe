"""Create, change and open meetings. Stages and closing: ``dialog.facilitation.stage_actions``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from .. import live
from ..audit.actions import record
from ..db import utcnow, write
from ..dialogues.models import CardKind, Dialogue, Method
from ..errors import Conflict, Invalid, NotFound, require
from ..people.models import User
from ..web.settings import settings_of
from . import join_codes, timer_actions, tokens
from .activity_actions import lock_meeting_for
from .models import DisplayLink, Meeting, MeetingKind, Participant, Stage, Table
from .permissions import may_lead, may_lead_in
from .queries import last_ended_link
from .stages import make_stages


def create_meeting(user: User, dialogue: Dialogue, method: Method | None, **values: Any) -> Meeting:
    """Create a planned meeting, with copies of the method's stages, prompts and kinds."""
    with write() as session:
        require(may_lead_in(user, dialogue))
        meeting = build_meeting(session, dialogue, method, **values)
        record(session, user, "meeting.create", meeting, organisation_id=dialogue.organisation_id)
    return meeting


def build_meeting(session: Session, dialogue: Dialogue, method: Method | None, **values: Any) -> Meeting:
    """Create the meeting inside the caller's transaction. Without *kinds* it takes the method's."""
    tables, kinds = values.pop("tables", 0), values.pop("kinds", None)
    meeting = Meeting(dialogue_id=dialogue.id, **values)
    session.add(meeting)
    if method is not None:
        meeting.method_key, meeting.method_name = method.key, method.name_sv
        meeting.roles = list(method.roles)
        # A forum asks its own question for weeks; the rounds of an evening ask what the method suggests.
        meeting.stages = make_stages(method.stages, [] if meeting.is_online else method.prompts)
    session.flush()
    kinds = kinds or (method.kinds if method is not None else ["idea"])
    meeting.offered_kinds = [
        MeetingKind(kind_code=code, position=position) for position, code in enumerate(dict.fromkeys(kinds))
    ]
    set_tables(session, meeting, tables)
    session.flush()
    return meeting


def set_tables(session: Session, meeting: Meeting, count: int) -> None:
    """Give the meeting *count* tables; raise ``Invalid`` when a table that would go is in use."""
    keep = [table for table in meeting.tables if table.number <= count]
    numbers = {table.number for table in keep}
    keep += [Table(number=number) for number in range(1, count + 1) if number not in numbers]
    gone = [table.id for table in meeting.tables if table.number > count]
    used = gone and session.scalar(select(Participant.id).where(Participant.table_id.in_(gone)).limit(1))
    if used:
        raise Invalid({"tables": _("Somebody has already joined at a table that would be gone.")})
    meeting.tables = sorted(keep, key=lambda table: table.number)
    try:
        session.flush()
    except IntegrityError:
        raise Invalid({"tables": _("There are already cards from a table that would be gone.")}) from None


def open_meeting(user: User, meeting: Meeting, now: datetime | None = None) -> Meeting:
    """Open the meeting: make a join code and begin the first stage. An open meeting stays as it is."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "closed":
            raise Conflict(message=_("The meeting is closed. Plan a new one to go on."))
        if meeting.state == "open":
            return meeting
        start_meeting(session, meeting, now or utcnow())
        record(session, user, "meeting.open", meeting, organisation_id=meeting.dialogue.organisation_id)
    return meeting


def start_meeting(session: Session, meeting: Meeting, now: datetime) -> None:
    """Open the meeting inside the caller's transaction."""
    meeting.state, meeting.opened_at = "open", now
    if meeting.form != "online":
        meeting.join_code = _unused_code(session)
    if meeting.stage_id is None and meeting.stages:
        # A forum is open for writing from its first day; a meeting in a room begins at the beginning.
        first = next((stage for stage in meeting.stages if stage.may_write), meeting.stages[0])
        meeting.stage = first if meeting.is_online else meeting.stages[0]
    timer_actions.start_timer(meeting, now)
    session.flush()


def _unused_code(session: Session) -> str:
    while True:
        code = join_codes.new_code()
        if session.scalar(select(Meeting.id).where(Meeting.join_code == code)) is None:
            return code


def enter_stage(meeting: Meeting, stage_id: int) -> Stage:
    """Enter a stage of *meeting* inside the caller's transaction, start its time and return it."""
    stage = next((stage for stage in meeting.stages if stage.id == stage_id), None)
    if stage is None:
        raise NotFound
    meeting.stage = stage
    timer_actions.start_timer(meeting, utcnow())
    return stage


def end_meeting(session: Session, meeting: Meeting, now: datetime) -> None:
    """Close the meeting inside the caller's transaction: end its code and delete names."""
    meeting.state, meeting.closed_at, meeting.join_code = "closed", now, None
    meeting.stage_ends_at = meeting.stage_left = None
    for participant in session.scalars(
        select(Participant).where(Participant.meeting_id == meeting.id, Participant.name.is_not(None))
    ):
        participant.name = None
    session.flush()


def reopen_meeting(session: Session, meeting: Meeting) -> None:
    """Undo closing inside the caller's transaction. Names stay deleted, and the code is a new one."""
    meeting.state, meeting.closed_at = "open", None
    if meeting.form != "online":
        meeting.join_code = _unused_code(session)
    session.flush()


def create_display_link(user: User, meeting: Meeting) -> str:
    """Create a read-only token for the projector view and revoke the earlier ones."""
    token = tokens.new_token()
    with write() as session:
        require(may_lead(user, meeting))
        ended = _revoke(session, meeting)
        link = DisplayLink(meeting_id=meeting.id, token_hash=tokens.token_hash(token), created_by=user.id)
        session.add(link)
        record(session, user, "display.create", link, organisation_id=meeting.dialogue.organisation_id)
    _close_displays(ended)
    return token


def create_display_copy(user: User, meeting: Meeting) -> str:
    """Return the token of a small copy on the moderator's own tablet; the projector's link stays.

    One for each person, however often they look, until the meeting's links are ended.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        after = last_ended_link(meeting.id)
        token = tokens.token_of_copy(user.id, meeting.id, after, settings_of().secret_key)
        hashed = tokens.token_hash(token)
        if session.scalar(select(DisplayLink.id).where(DisplayLink.token_hash == hashed)) is None:
            link = DisplayLink(meeting_id=meeting.id, token_hash=hashed, created_by=user.id)
            session.add(link)
            session.flush()
            record(session, user, "display.copy", link, organisation_id=meeting.dialogue.organisation_id)
    return token


def revoke_display_links(user: User, meeting: Meeting) -> None:
    """End the projector's access."""
    with write() as session:
        require(may_lead(user, meeting))
        ended = _revoke(session, meeting)
        record(session, user, "display.revoke", meeting, organisation_id=meeting.dialogue.organisation_id)
    _close_displays(ended)


def _revoke(session: Session, meeting: Meeting) -> set[int]:
    links: Iterable[DisplayLink] = session.scalars(
        select(DisplayLink).where(DisplayLink.meeting_id == meeting.id, DisplayLink.revoked_at.is_(None))
    )
    ended = set()
    for link in links:
        link.revoked_at = utcnow()
        ended.add(link.id)
    return ended


def _close_displays(links: set[int]) -> None:
    live.disconnect(lambda viewer: viewer.kind == "display" and viewer.person in links)


def set_attendance(user: User, meeting: Meeting, count: int | None, basis: str, completeness: str) -> None:
    """Set how many people took part, and how that is known. None is «uppgift saknas»."""
    with write() as session:
        require(may_lead(user, meeting))
        meeting.attendance = None if basis == "unknown" else count
        meeting.attendance_basis = "unknown" if meeting.attendance is None else basis
        meeting.completeness = completeness
        record(session, user, "meeting.attendance", meeting, organisation_id=meeting.dialogue.organisation_id)


def change_meeting(user: User, meeting: Meeting, *, kinds: list[str] | None = None, **values: Any) -> Meeting:
    """Change what was planned. Stages are kept; they are adapted one by one."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "closed":
            raise Conflict(message=_("The meeting is closed and can no longer be changed."))
        if "tables" in values:
            set_tables(session, meeting, values.pop("tables"))
        for name, value in values.items():
            setattr(meeting, name, value)
        if kinds is not None:
            known = set(session.scalars(select(CardKind.code)))
            meeting.offered_kinds = []
            session.flush()  # the old rows go before the same codes come back
            meeting.offered_kinds = [
                MeetingKind(kind_code=code, position=position)
                for position, code in enumerate(dict.fromkeys(kinds))
                if code in known
            ]
        record(session, user, "meeting.change", meeting, organisation_id=meeting.dialogue.organisation_id)
    return meeting
