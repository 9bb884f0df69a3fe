"""Permissions for focus areas."""

from __future__ import annotations

from typing import Any

from ..people.permissions import has_role


def may_edit(user: Any, organisation_id: int) -> bool:
    """Return whether *user* may edit areas: administrators and officials may; every member may read them."""
    return has_role(user, organisation_id, "administrator", "official")
