"""Moving a meeting on and closing it: acts that change what may be seen of its cards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from .. import live
from ..audit.actions import record
from ..db import utcnow, write
from ..errors import Conflict, require
from ..meetings import actions as meetings
from ..meetings.models import Meeting, Stage
from ..meetings.permissions import may_lead, sees_others
from ..people.models import User
from .actions import count_dots, lock_meeting, renumber


def go_to_stage(user: User, meeting: Meeting, stage_id: int, seen_stage_id: int | None) -> Stage | None:
    """Go to a stage. *seen_stage_id* is where the moderator saw the meeting: pressed twice, it moves once."""
    with write() as session:
        require(may_lead(user, meeting))
        lock_meeting(session, meeting.id)
        session.refresh(meeting)
        if meeting.state != "open":
            raise Conflict
        if meeting.stage_id == stage_id:
            return meeting.stage
        if meeting.stage_id != seen_stage_id:
            raise Conflict
        before = meeting.stage
        saw_others = sees_others(meeting)
        if before is not None and before.may_vote:
            count_dots(session, meeting.id)
        stage = meetings.enter_stage(meeting, stage_id)
        session.flush()
        if sees_others(meeting) != saw_others:
            renumber(session, meeting.id, frozenset(("shown",)))
        record(
            session,
            user,
            "meeting.stage",
            meeting,
            organisation_id=meeting.dialogue.organisation_id,
            stage=stage_id,
        )
    live.changed(meeting.id)
    return stage


def close_meeting(user: User, meeting: Meeting) -> None:
    """End the meeting. Closing a closed one changes nothing."""
    with write() as session:
        require(may_lead(user, meeting))
        lock_meeting(session, meeting.id)
        session.refresh(meeting)
        if meeting.state == "closed":
            return
        finish(session, meeting, utcnow())
        record(session, user, "meeting.close", meeting, organisation_id=meeting.dialogue.organisation_id)
    live.changed(meeting.id)


def finish(session: Session, meeting: Meeting, now: datetime) -> None:
    """Closing itself, inside the caller's transaction."""
    if meeting.stage is not None and meeting.stage.may_vote:
        count_dots(session, meeting.id)
    meetings.end(session, meeting, now)
