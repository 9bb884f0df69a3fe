"""Who may do what with dialogues."""

from __future__ import annotations

from typing import Any

from ..people.permissions import has_role, may_work_in
from .models import Dialogue


def may_propose(user: Any, organisation_id: int) -> bool:
    """May begin a dialogue, and read the library of methods."""
    return has_role(user, organisation_id, "administrator", "moderator", "official")


def may_work_with(user: Any, dialogue: Dialogue) -> bool:
    """May see and change the dialogue: those assigned to it, and administrators."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)
