"""Permissions for dialogues and methods."""

from __future__ import annotations

from ..people.models import User
from ..people.permissions import has_role, may_work_in
from .models import Dialogue, Method


def may_propose(user: User | None, organisation_id: int) -> bool:
    """Return whether *user* may propose a dialogue and read the library of methods."""
    return has_role(user, organisation_id, "administrator", "moderator", "official")


def may_work_with(user: User | None, dialogue: Dialogue) -> bool:
    """Return whether *user* may see and change the dialogue: assigned users and administrators may."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)


def may_manage_methods(user: User | None, organisation_id: int) -> bool:
    """Return whether *user* may create and import methods: everybody who may propose dialogues."""
    return may_propose(user, organisation_id)


def may_change_method(user: User | None, method: Method) -> bool:
    """Return whether *user* may change or remove *method*, which is impossible for Dialog's own methods."""
    return method.own and may_manage_methods(user, method.organisation_id)
