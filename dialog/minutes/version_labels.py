"""The name of a version in words, and the version as it is shown."""

from __future__ import annotations

from flask import current_app

from ..documents.translation import Translator
from . import queries
from .models import Minutes
from .presentation import PresentedMinutes, present_minutes


def present_version(minutes: Minutes) -> PresentedMinutes:
    """Return a version as its page and its files show it."""
    facts, body = queries.read_content(minutes)
    return present_minutes(facts, body, version_line(minutes))


def version_line(minutes: Minutes) -> str:
    """Return such as «Version 2, skickad 3 maj 2026», in the language of the installation."""
    translator = Translator(
        str(current_app.config["BABEL_DEFAULT_LOCALE"]), str(current_app.config["BABEL_DEFAULT_TIMEZONE"])
    )
    if minutes.sent_at is None:
        return translator._("Draft of version %(number)s", number=minutes.number)
    if minutes.final_at is not None:
        return translator._(
            "Version %(number)s, final since %(day)s",
            number=minutes.number,
            day=translator.format_instant(minutes.final_at.isoformat()),
        )
    return translator._(
        "Version %(number)s, sent %(day)s",
        number=minutes.number,
        day=translator.format_instant(minutes.sent_at.isoformat()),
    )
