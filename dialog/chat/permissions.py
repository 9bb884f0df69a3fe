"""Permissions to write in the chat and to read it."""

from __future__ import annotations

from ..meetings.actor import Actor
from ..meetings.meeting_like import MeetingLike
from ..meetings.permissions import is_open


def allows_chat(meeting: MeetingLike) -> bool:
    """Return whether the stage and the lock let participants chat. Without stages they have no chat."""
    return not meeting.locked and meeting.stage is not None and meeting.stage.may_chat


def may_chat(actor: Actor) -> bool:
    """Return whether *actor* may write or ask now. The staff always may, also to note what is left to do."""
    if actor.is_staff:
        return True
    return actor.participant is not None and is_open(actor.meeting) and allows_chat(actor.meeting)


def may_read(actor: Actor) -> bool:
    """Return whether *actor* may read the messages of others: participants and staff, not projector views."""
    return actor.person is not None
