"""Who may do what with focus areas."""

from __future__ import annotations

from typing import Any

from ..people.permissions import has_role


def may_edit(user: Any, organisation_id: int) -> bool:
    """Administrators and officials keep the areas; every member reads them."""
    return has_role(user, organisation_id, "administrator", "official")
