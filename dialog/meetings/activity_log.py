"""Acts of leading: each notes what it did and how that was before, so that it can be undone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import db
from ..errors import require
from ..people.models import User
from .models import Act, Meeting
from .numbering_actions import lock_meeting
from .permissions import may_lead

#: Acts shown in the room's log.
SHOWN = 30


def begin(session: Session, user: User, meeting: Meeting) -> None:
    """First line of every act: permission, and nobody else changes this meeting until the commit."""
    require(may_lead(user, meeting))
    lock_meeting(session, meeting.id)
    session.refresh(meeting)


def note(
    session: Session, user: User, meeting: Meeting, what: str, target: Any = None, **details: Any
) -> Act:
    """Write down that *user* did *what*, in the transaction of the act itself, for the log and for the audit.

    *details* are ids and settings, never what somebody wrote. *target* is the row it was done to, if another.
    """
    act = Act(meeting_id=meeting.id, user_id=user.id, what=what, details=details)
    session.add(act)
    # Counted in the database: the meeting at hand may have been read before somebody else's act.
    meeting.act_seq = Meeting.act_seq + 1
    session.flush()
    record(
        session,
        user,
        what,
        target if target is not None else meeting,
        organisation_id=meeting.dialogue.organisation_id,
        act=act.id,
    )
    return act


def latest_acts(meeting_id: int, most: int = SHOWN) -> list[tuple[Act, str]]:
    """What was done last, the newest first, each with the name of who did it."""
    query = (
        select(Act, User.name)
        .join(User, User.id == Act.user_id)
        .where(Act.meeting_id == meeting_id)
        .order_by(Act.id.desc())
        .limit(most)
    )
    return [(act, name) for act, name in db.session.execute(query)]
