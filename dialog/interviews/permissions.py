"""Permissions for observing a focus group, and for writing down what a person in it says."""

from __future__ import annotations

from ..cards.models import Speaker
from ..meetings.models import Meeting
from ..meetings.permissions import may_lead
from ..people.models import User


def may_observe(user: User | None, meeting: Meeting) -> bool:
    """Return whether *user* may take consent, write notes and hold the closing check."""
    return may_lead(user, meeting)


def may_be_quoted(speaker: Speaker | None) -> bool:
    """Return whether *speaker* has consented and has not taken it back."""
    return speaker is not None and speaker.consented_at is not None and speaker.withdrew_at is None
