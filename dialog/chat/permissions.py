"""Permissions to write in the chat and to read it."""

from __future__ import annotations

from ..meetings.actor import Actor
from ..meetings.meeting_like import MeetingLike
from ..meetings.permissions import is_open


def allows_chat(meeting: MeetingLike) -> bool:
    """Do the stage and the lock let participants chat? A meeting without stages has no chat for them."""
    return not meeting.locked and meeting.stage is not None and meeting.stage.may_chat


def may_chat(actor: Actor) -> bool:
    """May *actor* write or ask something now? The staff always may, also to note what is left to do."""
    if actor.is_staff:
        return True
    return actor.participant is not None and is_open(actor.meeting) and allows_chat(actor.meeting)


def may_read(actor: Actor) -> bool:
    """May *actor* read what others wrote? Participants and staff may, a projector view may not."""
    return actor.person is not None
