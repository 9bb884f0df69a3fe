"""Who may do what with dialogues."""

from __future__ import annotations

from typing import Any

from ..people.permissions import has_role, may_work_in
from .models import Dialogue, Method


def may_propose(user: Any, organisation_id: int) -> bool:
    """May begin a dialogue, and read the library of methods."""
    return has_role(user, organisation_id, "administrator", "moderator", "official")


def may_work_with(user: Any, dialogue: Dialogue) -> bool:
    """May see and change the dialogue: those assigned to it, and administrators."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)


def may_keep_methods(user: Any, organisation_id: int) -> bool:
    """May make methods of the municipality's own, and bring them in from files: whoever may plan here."""
    return may_propose(user, organisation_id)


def may_change_method(user: Any, method: Method) -> bool:
    """May change or remove this method: never one that Dialog brought along."""
    return method.own and may_keep_methods(user, method.organisation_id)
