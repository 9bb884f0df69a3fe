"""The activity log: what the staff did while leading a meeting, and how it was before, for undo."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import deliver_after_commit
from ..errors import require
from ..people.models import User
from .models import Activity, Meeting
from .numbering_actions import lock_meeting
from .permissions import may_lead


def lock_meeting_for(session: Session, user: User, meeting: Meeting) -> None:
    """Refuse a user who may not lead *meeting*; else lock it until the commit and read it afresh.

    This is the first line of every action that changes a meeting: what it changes is delivered after the
    commit.
    """
    require(may_lead(user, meeting))
    lock_meeting(session, meeting.id)
    session.refresh(meeting)
    deliver_after_commit(session, meeting.id)


def record_activity(
    session: Session, user: User, meeting: Meeting, what: str, target: Any = None, **details: Any
) -> Activity:
    """Write what *user* did to the activity log and to the audit log, in the transaction that does it.

    *details* are ids and settings, never what somebody wrote. *target* is the changed row when it is not the
    meeting itself.
    """
    activity = Activity(meeting_id=meeting.id, user_id=user.id, what=what, details=details)
    session.add(activity)
    # Counted in the database: the meeting may have been read before somebody else's activity.
    meeting.act_seq = Meeting.act_seq + 1
    session.flush()
    record(
        session,
        user,
        what,
        target if target is not None else meeting,
        organisation_id=meeting.dialogue.organisation_id,
        act=activity.id,
    )
    return activity
