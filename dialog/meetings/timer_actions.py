"""The timer of the stage: a deadline by the server's clock or, while it is paused, the seconds left."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from .. import live
from ..db import utcnow, write
from ..errors import Conflict, Invalid
from ..people.models import User
from .activity_actions import lock_meeting_for, record_activity
from .models import Meeting

#: What can be done to it.
WAYS = ("extend", "pause", "resume", "restart")


def start(meeting: Meeting, now: datetime) -> None:
    """Begin the time of the stage that the meeting is in."""
    minutes = meeting.stage.minutes if meeting.stage else None
    meeting.stage_began_at = now if meeting.stage else None
    meeting.stage_ends_at = now + timedelta(minutes=minutes) if minutes else None
    meeting.stage_left = None


def state_of(meeting: Meeting) -> dict[str, Any]:
    """The timer as numbers, to be put back by ``put_back``."""
    return {
        "stage": meeting.stage_id,
        "began": _number(meeting.stage_began_at),
        "ends": _number(meeting.stage_ends_at),
        "left": meeting.stage_left,
    }


def put_back(meeting: Meeting, state: dict[str, Any]) -> None:
    """Let the timer be as ``state_of`` found it. The clock has gone on: a deadline is a deadline."""
    meeting.stage_began_at, meeting.stage_ends_at = _instant(state["began"]), _instant(state["ends"])
    meeting.stage_left = state["left"]


def seen(meeting: Meeting) -> str:
    """The timer in short: what a form carries, so that an act pressed twice acts once."""
    return ".".join(str(value or "") for value in state_of(meeting).values())


def change_timer(user: User, meeting: Meeting, way: str, seen_timer: str, minutes: int = 0) -> None:
    """Extend by *minutes*, pause, resume or restart. *seen_timer* is ``seen`` of when somebody decided so.

    Pausing what is paused and resuming what runs change nothing; ``Conflict`` when it is another by now.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state != "open" or meeting.stage is None:
            raise Conflict(message=_("There is no stage going on right now."))
        now, before = utcnow(), state_of(meeting)
        if (way == "pause" and meeting.stage_left is not None) or (
            way == "resume" and meeting.stage_ends_at is not None
        ):
            return
        if seen(meeting) != seen_timer:
            raise Conflict(message=_("The time was changed just now. This is how it is."))
        if way == "extend":
            _extend(meeting, minutes, now)
        elif way == "pause":
            _pause(meeting, now)
        elif way == "resume":
            _resume(meeting, now)
        else:
            start(meeting, now)
        more = {"minutes": minutes} if way == "extend" else {}
        record_activity(
            session, user, meeting, f"timer.{way}", before=before, after=state_of(meeting), **more
        )
    live.changed(meeting.id)


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
    """Microseconds since 1970: what the database keeps of an instant, exactly."""
    return None if instant is None else round(instant.timestamp() * 1_000_000)


def _instant(number: int | None) -> datetime | None:
    return None if number is None else datetime.fromtimestamp(0, UTC) + timedelta(microseconds=number)
