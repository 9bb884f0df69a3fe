"""The language switch, and variables for all templates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from ..errors import Invalid
from ..translations import COOKIE, LANGUAGES
from .addresses import local_path

bp = Blueprint("web", __name__)


def init_app(app: Flask) -> None:
    """Register the pages of this package and the template variables."""
    app.register_blueprint(bp)
    app.context_processor(_template_context)


def _template_context() -> dict[str, Any]:
    return {
        "language": str(get_locale() or "sv"),
        "languages": LANGUAGES,
        "signed_in": bool(current_user and current_user.is_authenticated),
    }


@bp.post("/language")
def choose_language() -> Response:
    """Store the chosen language in a cookie for a year."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid
    answer = redirect(local_path(request.form.get("next", "")))
    answer.set_cookie(COOKIE, chosen, max_age=timedelta(days=365), httponly=True, samesite="Lax")
    return answer
