"""What the states of a dialogue, and rows with two names, are called in the reader's language."""

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


def swedish() -> bool:
    """Does the reader read Swedish?"""
    return str(get_locale() or "sv").startswith("sv")


def named(row: Any) -> str:
    """The label of a level or a kind of card, which carry two."""
    return str(row.label_sv if swedish() else row.label_en)


def promise(level: Any) -> str:
    """What a level promises the residents."""
    return str(level.promise_sv if swedish() else level.promise_en)


def method_name(method: Any) -> str:
    return str(method.name_sv if swedish() else method.name_en)
