"""What every organisation must tell residents: personal data and accessibility.

The default texts are in Swedish, as what they describe is, and claim nothing that the organisation has not
examined. A passage in square brackets is for the administrator to fill in; until that is done the page for
notices says so, and the resident sees that it is missing.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy.orm import Session

from .models import AccessibilityStatement, Organisation, PrivacyNotice

DEFAULTS = Path(__file__).parent / "data" / "notices.json"
#: Begins a passage that only the organisation can write.
TO_FILL_IN = "[Fyll i:"


def _default(which: str, organisation: Organisation) -> dict[str, str]:
    texts: dict[str, dict[str, str]] = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    return {name: text.replace("{organisation}", organisation.name) for name, text in texts[which].items()}


def add_default_notices(session: Session, organisation: Organisation) -> None:
    """Add the notices that *organisation* lacks, inside the caller's transaction."""
    if session.get(PrivacyNotice, organisation.id) is None:
        session.add(PrivacyNotice(organisation_id=organisation.id, **_default("privacy", organisation)))
    if session.get(AccessibilityStatement, organisation.id) is None:
        session.add(
            AccessibilityStatement(organisation_id=organisation.id, **_default("accessibility", organisation))
        )
    session.flush()


def has_gap(text: str | None) -> bool:
    """Is there still a passage that only the organisation can write?"""
    return TO_FILL_IN in (text or "")
