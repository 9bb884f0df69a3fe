"""Default texts of the notices on personal data and accessibility.

The texts are in Swedish and claim nothing that the organisation has not examined. Administrators fill in the
passages in square brackets; until then the notices page lists them, and residents see that they are missing.
"""

from __future__ import annotations

import json
from pathlib import Path

from .models import Organisation

DEFAULTS = Path(__file__).parent / "data" / "notices.json"
#: Marks the beginning of a passage that only the organisation can write.
TO_FILL_IN = "[Fyll i:"


def default_texts(notice: str, organisation: Organisation) -> dict[str, str]:
    """Return the default texts of the *notice* "privacy" or "accessibility", by column."""
    texts: dict[str, dict[str, str]] = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    return {name: text.replace("{organisation}", organisation.name) for name, text in texts[notice].items()}


def has_gap(text: str | None) -> bool:
    """Return whether *text* still has a passage that the organisation must fill in."""
    return TO_FILL_IN in (text or "")
