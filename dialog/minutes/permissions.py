"""Permissions for minutes, as functions of the user, the meeting and the version."""

from __future__ import annotations

from datetime import datetime

from ..db import utcnow
from ..meetings.models import Meeting
from ..meetings.permissions import may_lead
from ..people.models import User
from .models import Minutes


def may_write(user: User | None, meeting: Meeting) -> bool:
    """Return whether *user* may write and send the minutes: everybody who may lead the meeting may."""
    return may_lead(user, meeting)


def takes_corrections(minutes: Minutes, now: datetime | None = None) -> bool:
    """Return whether *minutes* are sent, not withdrawn, and within their days for corrections."""
    return (
        minutes.state == "sent"
        and minutes.withdrawn_at is None
        and minutes.corrections_until is not None
        and (now or utcnow()) <= minutes.corrections_until
    )
