"""Announcements from the staff to all devices or to one table's. The latest stands until it is ended."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..db import db, utcnow, write
from ..errors import Conflict, Invalid, NotFound
from ..people.models import User
from .activity_actions import lock_meeting_for, record_activity
from .models import Announcement, Meeting, Table


def current_announcement(session: Session, meeting_id: int, table_id: int | None) -> Announcement | None:
    """Return the announcement that stands for everybody, or for one table; None if there is none."""
    return session.scalar(
        select(Announcement)
        .where(
            Announcement.meeting_id == meeting_id,
            Announcement.table_id.is_(None) if table_id is None else Announcement.table_id == table_id,
            Announcement.ended_at.is_(None),
        )
        .order_by(Announcement.id.desc())
    )


def current_announcements(meeting_id: int) -> list[Announcement]:
    """Return all announcements that stand: those to everybody first, then table by table."""
    query = select(Announcement).where(Announcement.meeting_id == meeting_id, Announcement.ended_at.is_(None))
    return sorted(db.session.scalars(query), key=lambda each: (each.table_id or 0, each.id))


def announce(user: User, meeting: Meeting, text: str, table_id: int | None = None) -> None:
    """Show *text* on every device, or on those of one table. Announcing the same again changes nothing."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open":
            raise Conflict(message=_("The meeting is not open, so nobody would see the message."))
        if table_id is not None:
            table = session.get(Table, table_id)
            if table is None or table.meeting_id != meeting.id:
                raise Invalid({"table": _("There is no such table.")})
        before = current_announcement(session, meeting.id, table_id)
        if before is not None and before.text == text:
            return
        announcement = Announcement(meeting_id=meeting.id, table_id=table_id, text=text, user_id=user.id)
        session.add(announcement)
        session.flush()
        replace_announcement(meeting, before, announcement)
        record_activity(
            session,
            user,
            meeting,
            "message.say",
            message=announcement.id,
            table=table_id,
            before=before.id if before else None,
        )


def end_announcement(user: User, meeting: Meeting, announcement_id: int) -> None:
    """Take an announcement off the devices. Ending one that has ended changes nothing."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        announcement = get_announcement(session, meeting, announcement_id)
        if announcement.ended_at is not None:
            return
        replace_announcement(meeting, announcement, None)
        record_activity(
            session, user, meeting, "message.end", message=announcement.id, table=announcement.table_id
        )


def get_announcement(session: Session, meeting: Meeting, announcement_id: int) -> Announcement:
    """Return an announcement of this meeting; ``NotFound`` when it is another meeting's or none."""
    announcement = session.get(Announcement, announcement_id)
    if announcement is None or announcement.meeting_id != meeting.id:
        raise NotFound
    return announcement


def replace_announcement(meeting: Meeting, before: Announcement | None, after: Announcement | None) -> None:
    """End *before* and let *after* stand, inside the caller's transaction; None means no announcement."""
    table_id = (before or after or Announcement()).table_id
    if before is not None:
        before.ended_at = utcnow()
    if after is not None:
        after.ended_at = None
    if table_id is None:
        meeting.announcement_id = after.id if after is not None else None
    else:
        meeting.place_seq = Meeting.place_seq + 1
