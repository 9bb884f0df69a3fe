"""The language that a visitor reads, and the mark on texts that are translated later."""

from __future__ import annotations

from flask import current_app, has_request_context, request

LANGUAGES = {"sv": "Svenska", "en": "English"}
COOKIE = "dialog_language"


def N_(text: str) -> str:  # noqa: N802  (the extraction of texts looks for this name)
    """Return *text* as it is: the call only marks it for the catalogue, and it is translated when shown."""
    return text


def chosen_language() -> str:
    """Return the language of the cookie, else the installation's own."""
    if has_request_context():
        chosen = request.cookies.get(COOKIE, "")
        if chosen in LANGUAGES:
            return chosen
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])
