"""Who may lead and observe a focus group, and whose words may be written down under a number."""

from __future__ import annotations

from ..cards.models import Speaker
from ..meetings.models import Meeting
from ..meetings.permissions import may_lead
from ..people.models import User


def may_observe(user: User | None, meeting: Meeting) -> bool:
    """May take consent, write notes and hold the closing check."""
    return may_lead(user, meeting)


def may_be_quoted(speaker: Speaker | None) -> bool:
    """Has said yes, and has not taken it back."""
    return speaker is not None and speaker.consented_at is not None and speaker.withdrew_at is None
