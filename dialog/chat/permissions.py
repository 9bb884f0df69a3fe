"""Who may say something in the chat, and who may read it."""

from __future__ import annotations

from ..meetings.actor import Actor
from ..meetings.models import Meeting
from ..meetings.permissions import is_open


def allows_chat(meeting: Meeting) -> bool:
    """Do the stage and the lock let participants chat? A meeting without stages has no chat of theirs."""
    return not meeting.locked and meeting.stage is not None and meeting.stage.may_chat


def may_say(actor: Actor) -> bool:
    """May say or ask something now. The staff always may, also to note what is to be done afterwards."""
    if actor.is_staff:
        return True
    return actor.participant is not None and is_open(actor.meeting) and allows_chat(actor.meeting)


def may_read(actor: Actor) -> bool:
    """May read what others said: who takes part or leads. A projector may not."""
    return actor.person is not None
