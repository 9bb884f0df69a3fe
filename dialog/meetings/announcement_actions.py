"""What the staff says to all devices, or to those of one table. The latest stands until it is ended."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import live
from ..db import db, utcnow, write
from ..errors import Conflict, Invalid, NotFound
from ..people.models import User
from .activity_actions import lock_meeting_for, record_activity
from .models import Announcement, Meeting, Table


def standing(session: Session, meeting_id: int, table_id: int | None) -> Announcement | None:
    """The message to everybody, or to one table, that stands right now."""
    return session.scalar(
        select(Announcement)
        .where(
            Announcement.meeting_id == meeting_id,
            Announcement.table_id.is_(None) if table_id is None else Announcement.table_id == table_id,
            Announcement.ended_at.is_(None),
        )
        .order_by(Announcement.id.desc())
    )


def standing_messages(meeting_id: int) -> list[Announcement]:
    """All that is being said: to everybody first, then table by table."""
    query = select(Announcement).where(Announcement.meeting_id == meeting_id, Announcement.ended_at.is_(None))
    return sorted(db.session.scalars(query), key=lambda said: (said.table_id or 0, said.id))


def say(user: User, meeting: Meeting, text: str, table_id: int | None = None) -> None:
    """Show *text* on every device, or on those of one table. The same again changes nothing."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open":
            raise Conflict(message=_("The meeting is not open, so nobody would see the message."))
        if table_id is not None:
            table = session.get(Table, table_id)
            if table is None or table.meeting_id != meeting.id:
                raise Invalid({"table": _("There is no such table.")})
        before = standing(session, meeting.id, table_id)
        if before is not None and before.text == text:
            return
        said = Announcement(meeting_id=meeting.id, table_id=table_id, text=text, user_id=user.id)
        session.add(said)
        session.flush()
        replace(meeting, before, said)
        record_activity(
            session,
            user,
            meeting,
            "message.say",
            message=said.id,
            table=table_id,
            before=before.id if before else None,
        )
    live.changed(meeting.id)


def end_message(user: User, meeting: Meeting, message_id: int) -> None:
    """Take a message off the devices. Ending one that has ended changes nothing."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        said = message_in(session, meeting, message_id)
        if said.ended_at is not None:
            return
        replace(meeting, said, None)
        record_activity(session, user, meeting, "message.end", message=said.id, table=said.table_id)
    live.changed(meeting.id)


def message_in(session: Session, meeting: Meeting, message_id: int) -> Announcement:
    """A message of this meeting; ``NotFound`` when it is another's or none."""
    said = session.get(Announcement, message_id)
    if said is None or said.meeting_id != meeting.id:
        raise NotFound
    return said


def replace(meeting: Meeting, before: Announcement | None, after: Announcement | None) -> None:
    """Let *after* stand where *before* stood, inside the caller's transaction; None is silence."""
    table_id = (before or after or Announcement()).table_id
    if before is not None:
        before.ended_at = utcnow()
    if after is not None:
        after.ended_at = None
    if table_id is None:
        meeting.announcement_id = after.id if after is not None else None
    else:
        meeting.place_seq = Meeting.place_seq + 1
