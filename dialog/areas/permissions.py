"""Permissions for focus areas."""

from __future__ import annotations

from ..people.models import User
from ..people.permissions import has_role


def may_edit(user: User | None, organisation_id: int) -> bool:
    """Return whether *user* may edit areas: administrators and officials may; every member may read them."""
    return has_role(user, organisation_id, "administrator", "official")
