"""Convert methods between their rows and the dicts that files and pages use."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

from .models import Method

#: Fields of a method in a file, in the order they are written.
FIELDS = (
    "key",
    "name_sv",
    "name_en",
    "purpose",
    "levels",
    "size",
    "roles",
    "stages",
    "prompts",
    "kinds",
    "harvest",
    "basis",
    "online",
)
STAGE_FIELDS = ("name", "minutes", "action", "prompt", "follow_ups", "may", "holds")
#: Longest text about a method, in code points.
TEXT_MAX = 3000
PEOPLE_MAX = 100_000


def method_to_dict(method: Method) -> dict[str, Any]:
    """Return the method as a file holds it."""
    per_table = [method.per_table_min, method.per_table_max] if method.per_table_min else None
    return {
        "key": method.key,
        "name_sv": method.name_sv,
        "name_en": method.name_en,
        "purpose": method.purpose,
        "levels": list(method.levels),
        "size": {
            "min": method.size_min,
            "ideal": method.size_ideal,
            "max": method.size_max,
            "per_table": per_table,
        },
        "roles": list(method.roles),
        "stages": [{name: step[name] for name in STAGE_FIELDS if name in step} for step in method.stages],
        "prompts": list(method.prompts),
        "kinds": list(method.kinds),
        "harvest": method.harvest,
        "basis": method.basis,
        "online": method.online,
    }


def fill_method(method: Method, described: dict[str, Any]) -> Method:
    """Set the columns of *method* from a dict; its key and its organisation stay as they are."""
    size = described["size"]
    per_table = size.get("per_table") or (None, None)
    method.name_sv = described["name_sv"]
    method.name_en = described["name_en"] or described["name_sv"]
    method.size_min, method.size_ideal, method.size_max = size["min"], size["ideal"], size["max"]
    method.per_table_min, method.per_table_max = per_table
    for name in ("purpose", "levels", "roles", "stages", "prompts", "kinds", "harvest", "basis", "online"):
        setattr(method, name, described[name])
    return method


def method_version(method: Method) -> str:
    """Return a hash of the method; a page sends it back, so that a change by somebody else is noticed."""
    return hashlib.sha256(json.dumps(method_to_dict(method)).encode()).hexdigest()


def misordered_sizes(sizes: dict[str, int | None], tables: list[int | None]) -> list[str]:
    """Return the names of the sizes where the larger number comes first."""
    found = []
    given = [(name, sizes[name]) for name in ("min", "ideal", "max") if sizes[name] is not None]
    for (name, number), (other, larger) in pairwise(given):
        if number > larger:  # type: ignore[operator]  # None is left out above
            found.append(f'"size.{name}", "size.{other}"')
    if len(tables) == 2 and tables[0] and tables[1] and tables[0] > tables[1]:
        found.append('"size.per_table"')
    return found
