"""What a method is made of, as a file and a page describe it; and a row of the database made of that."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

from .models import Method
from .stage_rules import (
    DEFAULTS,
    FOLLOW_UPS_MAX,
    MINUTES_MAX,
    MOST_STAGES,
    NAME_MAX,
    PERMISSIONS,
    PROMPT_MAX,
)

__all__ = [
    "DEFAULTS",
    "FIELDS",
    "FOLLOW_UPS_MAX",
    "MINUTES_MAX",
    "MOST_STAGES",
    "NAME_MAX",
    "PEOPLE_MAX",
    "PERMISSIONS",
    "PROMPT_MAX",
    "STAGE_FIELDS",
    "TEXT_MAX",
    "describe",
    "fill",
    "seen",
    "wrong_order",
]

#: The fields of a method in a file, in the order they are written.
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


def describe(method: Method) -> dict[str, Any]:
    """The method as a file has it."""
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


def fill(method: Method, described: dict[str, Any]) -> Method:
    """Let *method* be what is described; its key and whose it is are not part of that."""
    size = described["size"]
    per_table = size.get("per_table") or (None, None)
    method.name_sv = described["name_sv"]
    method.name_en = described["name_en"] or described["name_sv"]
    method.size_min, method.size_ideal, method.size_max = size["min"], size["ideal"], size["max"]
    method.per_table_min, method.per_table_max = per_table
    for name in ("purpose", "levels", "roles", "stages", "prompts", "kinds", "harvest", "basis", "online"):
        setattr(method, name, described[name])
    return method


def seen(method: Method) -> str:
    """What the method is, in short: whoever saves says by it what they were looking at."""
    return hashlib.sha256(json.dumps(describe(method)).encode()).hexdigest()


def wrong_order(sizes: dict[str, int | None], tables: list[int | None]) -> list[str]:
    """The names of sizes where the larger one comes first."""
    found = []
    given = [(name, sizes[name]) for name in ("min", "ideal", "max") if sizes[name] is not None]
    for (name, number), (other, larger) in pairwise(given):
        if number > larger:  # type: ignore[operator]  # None is left out above
            found.append(f'"size.{name}", "size.{other}"')
    if len(tables) == 2 and tables[0] and tables[1] and tables[0] > tables[1]:
        found.append('"size.per_table"')
    return found
