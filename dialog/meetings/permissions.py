"""Permissions in a meeting: plain functions of a person's role and the stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeGuard

from ..db import utcnow
from ..people.models import User
from ..people.permissions import may_work_in
from .actor import MeetingActor
from .meeting_like import DialogueLike, MeetingLike
from .models import Participant


def may_lead_in(user: User | None, dialogue: DialogueLike) -> bool:
    """Return whether *user* may plan and lead the meetings of this dialogue."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)


def may_lead(user: User | None, meeting: MeetingLike) -> bool:
    """Return whether *user* may plan, open, lead and close this meeting."""
    return may_lead_in(user, meeting.dialogue)


def takes_part(participant: Participant | None, meeting_id: int) -> TypeGuard[Participant]:
    """Return whether this device has joined the meeting and is not removed from it."""
    return participant is not None and participant.meeting_id == meeting_id and participant.removed_at is None


def is_open(meeting: MeetingLike, now: datetime | None = None) -> bool:
    """Return whether the meeting is opened and not closed, and within its dates if it is online."""
    now = now or utcnow()
    if meeting.state != "open":
        return False
    if meeting.is_online:
        return not (meeting.starts_at and now < meeting.starts_at) and not (
            meeting.ends_at and now > meeting.ends_at
        )
    return True


def ended_at(meeting: MeetingLike) -> datetime | None:
    """Return the instant at which the meeting stopped accepting cards; None while it has not."""
    if meeting.state == "closed":
        return meeting.closed_at
    if meeting.state == "open" and meeting.is_online and meeting.ends_at and utcnow() > meeting.ends_at:
        return meeting.ends_at
    return None


def accepts_late_cards(meeting: MeetingLike, hours: int, now: datetime | None = None) -> bool:
    """Return whether the meeting ended so recently that a phone without network may still deliver."""
    ended = ended_at(meeting)
    return ended is not None and (now or utcnow()) <= ended + timedelta(hours=hours)


def may_write(actor: MeetingActor[MeetingLike]) -> bool:
    """Return whether *actor* may add a card now. The staff always may: paper is often typed in later."""
    if actor.is_staff:
        return True
    return actor.participant is not None and is_open(actor.meeting) and allows_writing(actor.meeting)


def may_vote(actor: MeetingActor[MeetingLike]) -> bool:
    return actor.participant is not None and is_open(actor.meeting) and allows_voting(actor.meeting)


def may_move(actor: MeetingActor[MeetingLike]) -> bool:
    """Return whether *actor* may put cards in other areas now. The staff always may."""
    if actor.is_staff:
        return True
    return actor.participant is not None and is_open(actor.meeting) and allows_moving(actor.meeting)


def allows_writing(meeting: MeetingLike) -> bool:
    """Return whether the stage and the lock let participants write. Without stages only the lock counts."""
    return not meeting.locked and (meeting.stage is None or meeting.stage.may_write)


def allows_voting(meeting: MeetingLike) -> bool:
    """Return whether the stage and the lock let participants vote."""
    return not meeting.locked and meeting.stage is not None and meeting.stage.may_vote


def allows_moving(meeting: MeetingLike) -> bool:
    """Return whether the stage and the lock let participants put cards in other areas."""
    return (
        not meeting.locked and meeting.stage is not None and meeting.stage.may_move and meeting.stage.may_see
    )


def in_grace(meeting: MeetingLike, now: datetime | None = None) -> bool:
    """Return whether writing ended so recently that a card begun before is still accepted."""
    until = meeting.grace_until
    return until is not None and is_open(meeting, now) and (now or utcnow()) <= until


def sees_others(meeting: MeetingLike) -> bool:
    """Return whether participants may see each other's cards now. Without stages they may."""
    return meeting.stage is None or meeting.stage.may_see
