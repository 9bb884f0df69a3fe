"""Change a meeting's stage, lock and projector view, and close it. Each act can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..cards.models import Card
from ..cards.queries import card_rows
from ..cards.vote_actions import count_dots, hide_totals
from ..db import utcnow, write
from ..errors import Conflict
from ..meetings import actions as meetings
from ..meetings import timer_actions
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Meeting, Stage
from ..meetings.numbering_actions import renumber
from ..meetings.permissions import allows_writing, sees_others
from ..people.models import User

#: How long after writing has ended a card that was begun before is still accepted.
GRACE = timedelta(seconds=60)


def go_to_stage(user: User, meeting: Meeting, stage_id: int, seen_stage_id: int | None) -> Stage | None:
    """Go to a stage. *seen_stage_id* is the stage that the moderator saw, so that two presses move once."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open":
            raise Conflict
        if meeting.stage_id == stage_id:
            return meeting.stage
        if meeting.stage_id != seen_stage_id:
            raise Conflict(message=_("Somebody else moved the evening on just now. This is where it is."))
        before = {
            "stage": meeting.stage_id,
            "timer": timer_actions.timer_state(meeting),
            **grace_snapshot(meeting),
        }
        stage = apply_stage(session, meeting, stage_id)
        record_activity(session, user, meeting, "meeting.stage", before=before, stage=stage_id)
    return stage


def apply_stage(session: Session, meeting: Meeting, stage_id: int | None) -> Stage | None:
    """Move the meeting to a stage inside the caller's transaction, and count dots and renumber as needed."""
    saw_others, voted = sees_others(meeting), meeting.stage is not None and meeting.stage.may_vote
    _end_writing(meeting)
    session.flush()
    if voted:
        count_dots(session, meeting.id)
    if stage_id is None:
        meeting.stage = stage = None
    else:
        stage = meetings.enter_stage(meeting, stage_id)
    session.flush()
    if stage is not None and stage.may_vote:
        hide_totals(session, meeting.id)
    if sees_others(meeting) != saw_others:
        renumber(session, card_rows, meeting.id, Card.state == "shown")
    return stage


def _end_writing(meeting: Meeting) -> None:
    if allows_writing(meeting):
        meeting.grace_stage_id, meeting.grace_until = meeting.stage_id, utcnow() + GRACE


def grace_snapshot(meeting: Meeting) -> dict[str, Any]:
    """Return the stage that still accepts cards and until when, to be put back when the act is undone."""
    until = meeting.grace_until
    return {"grace_stage": meeting.grace_stage_id, "grace_until": until.timestamp() if until else None}


def set_lock(user: User, meeting: Meeting, locked: bool) -> None:
    """Lock writing, voting and chat for all but the staff, or unlock them."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open":
            raise Conflict(message=_("The meeting is not open, so there is nothing to lock."))
        if meeting.locked == locked:
            return
        before = grace_snapshot(meeting)
        if locked:
            _end_writing(meeting)
        meeting.locked = locked
        record_activity(session, user, meeting, "lock.on" if locked else "lock.off", before=before)


def set_display(user: User, meeting: Meeting, display: str) -> None:
    """Choose the projector view; «auto» follows the stage."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.display == display:
            return
        before, meeting.display = meeting.display, display
        record_activity(session, user, meeting, "display.show", before=before, after=display)


def close_meeting(user: User, meeting: Meeting) -> None:
    """Close the meeting. Closing a closed one changes nothing."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "closed":
            return
        before = {"state": meeting.state, "timer": timer_actions.timer_state(meeting)}
        apply_close(session, meeting, utcnow())
        record_activity(session, user, meeting, "meeting.close", before=before)


def apply_close(session: Session, meeting: Meeting, now: datetime) -> None:
    """Close the meeting inside the caller's transaction, and count its dots if it was voting."""
    if meeting.stage is not None and meeting.stage.may_vote:
        count_dots(session, meeting.id)
    meetings.end_meeting(session, meeting, now)
