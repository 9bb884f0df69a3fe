"""Which language the visitor reads: Swedish unless they chose English."""

from __future__ import annotations

from flask import current_app, has_request_context, request

LANGUAGES = {"sv": "Svenska", "en": "English"}
COOKIE = "dialog_language"


def chosen_language() -> str:
    """The language of the cookie, else the installation's own."""
    if has_request_context():
        chosen = request.cookies.get(COOKIE, "")
        if chosen in LANGUAGES:
            return chosen
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])
