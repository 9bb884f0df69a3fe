"""Translated labels of states and actions, and the label of a row in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

STATE_LABELS = {
    "proposed": _l("Proposed"),
    "commissioned": _l("Commissioned"),
    "planned": _l("Plan ready"),
    "invited": _l("Invited"),
    "running": _l("Running"),
    "collected": _l("Collected"),
    "analysis": _l("Being analysed"),
    "report": _l("Report"),
    "decision": _l("Decision"),
    "answered": _l("Answered"),
    "evaluated": _l("Evaluated"),
    "closed": _l("Completed"),
    "cancelled": _l("Cancelled"),
}
ASSIGNMENT_LABELS = {
    "moderator": _l("Leads meetings"),
    "official": _l("Works with the report"),
}
ACTION_LABELS = {
    "present": _l("Listen"),
    "collect": _l("Write cards"),
    "rotate": _l("Change tables"),
    "cluster": _l("Group cards"),
    "vote": _l("Give dots"),
    "confirm": _l("Check what was said"),
    "close": _l("Round off"),
}


def reads_swedish() -> bool:
    """Return whether the reader's language is Swedish."""
    return str(get_locale() or "sv").startswith("sv")


def label_of(row: Any) -> str:
    """Return the label of a level or a kind of card in the reader's language."""
    return str(row.label_sv if reads_swedish() else row.label_en)


def promise_of(level: Any) -> str:
    """Return what a level promises the residents, in the reader's language."""
    return str(level.promise_sv if reads_swedish() else level.promise_en)


def method_name(method: Any) -> str:
    return str(method.name_sv if reads_swedish() else method.name_en)
