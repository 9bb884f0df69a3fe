"""Who may do what with minutes: functions of person, meeting and the version's state."""

from __future__ import annotations

from datetime import datetime

from ..db import utcnow
from ..meetings.models import Meeting
from ..meetings.permissions import may_lead
from ..people.models import User
from .models import Minutes


def may_write(user: User | None, meeting: Meeting) -> bool:
    """May write, send round and close the minutes: whoever works with the dialogue."""
    return may_lead(user, meeting)


def takes_corrections(minutes: Minutes, now: datetime | None = None) -> bool:
    """Sent, not taken back, and still within its days."""
    return (
        minutes.state == "sent"
        and minutes.withdrawn_at is None
        and minutes.corrections_until is not None
        and (now or utcnow()) <= minutes.corrections_until
    )
