"""The timer of the stage: a deadline by the server's clock or, while it is paused, the seconds left."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from ..db import utcnow, write
from ..errors import Conflict, Invalid
from ..people.models import User
from .activity_actions import lock_meeting_for, record_activity
from .models import Meeting

#: What can be done to the timer.
TIMER_CHANGES = ("extend", "pause", "resume", "restart")


def start_timer(meeting: Meeting, now: datetime) -> None:
    """Start the time of the stage that the meeting is in."""
    minutes = meeting.stage.minutes if meeting.stage else None
    meeting.stage_began_at = now if meeting.stage else None
    meeting.stage_ends_at = now + timedelta(minutes=minutes) if minutes else None
    meeting.stage_left = None


def timer_state(meeting: Meeting) -> dict[str, Any]:
    """Return the timer as numbers, which ``restore_timer`` puts back."""
    return {
        "stage": meeting.stage_id,
        "began": _number(meeting.stage_began_at),
        "ends": _number(meeting.stage_ends_at),
        "left": meeting.stage_left,
    }


def restore_timer(meeting: Meeting, state: dict[str, Any]) -> None:
    """Set the timer as ``timer_state`` read it. A deadline stays the same instant, however late it is."""
    meeting.stage_began_at, meeting.stage_ends_at = _instant(state["began"]), _instant(state["ends"])
    meeting.stage_left = state["left"]


def timer_version(meeting: Meeting) -> str:
    """Return the timer in short. A form carries it, so that a button pressed twice acts once."""
    return ".".join(str(value or "") for value in timer_state(meeting).values())


def change_timer(user: User, meeting: Meeting, way: str, seen: str, minutes: int = 0) -> None:
    """Extend the timer by *minutes*, pause, resume or restart it.

    *seen* is the ``timer_version`` that the moderator saw; ``Conflict`` when it has changed since. Pausing a
    paused timer and resuming a running one change nothing.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open" or meeting.stage is None:
            raise Conflict(message=_("There is no stage going on right now."))
        now, before = utcnow(), timer_state(meeting)
        if (way == "pause" and meeting.stage_left is not None) or (
            way == "resume" and meeting.stage_ends_at is not None
        ):
            return
        if timer_version(meeting) != seen:
            raise Conflict(message=_("The time was changed just now. This is how it is."))
        if way == "extend":
            _extend(meeting, minutes, now)
        elif way == "pause":
            _pause(meeting, now)
        elif way == "resume":
            _resume(meeting, now)
        else:
            start_timer(meeting, now)
        more = {"minutes": minutes} if way == "extend" else {}
        record_activity(
            session, user, meeting, f"timer.{way}", before=before, after=timer_state(meeting), **more
        )


def _extend(meeting: Meeting, minutes: int, now: datetime) -> None:
    if meeting.stage_left is not None:
        meeting.stage_left += minutes * 60
        return
    # When the time is up, or none was set, the minutes begin now.
    begins = max(meeting.stage_ends_at or now, now)
    meeting.stage_ends_at = begins + timedelta(minutes=minutes)


def _pause(meeting: Meeting, now: datetime) -> None:
    if meeting.stage_ends_at is None:
        raise Invalid(message=_("This stage has no time to pause. Give it some minutes first."))
    meeting.stage_left = max(0, math.ceil((meeting.stage_ends_at - now).total_seconds()))
    meeting.stage_ends_at = None


def _resume(meeting: Meeting, now: datetime) -> None:
    if meeting.stage_left is None:
        raise Invalid(message=_("This stage has no time to go on with. Give it some minutes first."))
    meeting.stage_ends_at = now + timedelta(seconds=meeting.stage_left)
    meeting.stage_left = None


def _number(instant: datetime | None) -> int | None:
    """Return microseconds since 1970: exactly what the database keeps of an instant."""
    return None if instant is None else round(instant.timestamp() * 1_000_000)


def _instant(number: int | None) -> datetime | None:
    return None if number is None else datetime.fromtimestamp(0, UTC) + timedelta(microseconds=number)
