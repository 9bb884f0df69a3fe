"""What all pages share: error pages, health, language, the colours of areas, and words for templates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from . import db, filters
from .errors import DialogError, Forbidden, Invalid, NotFound, TooFast, TooLarge, Unavailable
from .live import wake
from .translations import COOKIE, LANGUAGES

bp = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    filters.init_app(app)
    app.register_error_handler(DialogError, refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    for away in db.AWAY:
        app.register_error_handler(away, _database_away)
    app.register_error_handler(Exception, _unexpected)
    app.context_processor(_words)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def refused(error: DialogError) -> tuple[Any, int, dict[str, str]]:
    """The answer to a request that was refused, as JSON for the API and as a page for people.

    What the person had typed is shown on the page, so that it can be taken along.
    """
    headers: dict[str, str] = {}
    if isinstance(error, TooFast):
        headers["Retry-After"] = str(error.retry_after)
    if wants_json():
        return jsonify(ok=False, error=error.as_dict()), error.status, headers
    kept = request.form.get("text") or request.form.get("notes") or ""
    try:
        page = render_template("error.html", error=error, status=error.status, kept=kept)
    except SQLAlchemyError:
        # The page's frame asks who is signed in, and just now nobody can say.
        db.db.session.rollback()
        page = f"<!doctype html><meta charset=utf-8><title>Dialog</title><p>{escape(error.message)}</p>"
    return page, error.status, headers


def _forged(_error: CSRFError) -> tuple[Any, int, dict[str, str]]:
    # The usual cause is no attack but a page that was left open for long.
    return refused(
        Invalid(message=_("The page had been open for too long. Go back, reload it and send again."))
    )


def _http_error(error: HTTPException) -> tuple[Any, int, dict[str, str]]:
    known: dict[int, type[DialogError]] = {403: Forbidden, 404: NotFound, 413: TooLarge}
    status = error.code or 500
    ours = known.get(status, Invalid if status < 500 else DialogError)()
    body, _status, headers = refused(ours)
    if status == 405 and isinstance(getattr(error, "valid_methods", None), list):
        headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return body, status, headers


def _database_away(error: Exception) -> tuple[Any, int, dict[str, str]]:
    current_app.logger.error("the database does not answer: %s", type(error).__name__)
    db.db.session.rollback()
    return refused(Unavailable())


def _unexpected(error: Exception) -> tuple[Any, int, dict[str, str]]:
    current_app.logger.error("unexpected failure", exc_info=error)
    db.db.session.rollback()
    return refused(DialogError())


def _words() -> dict[str, Any]:
    return {
        "language": str(get_locale() or "sv"),
        "languages": LANGUAGES,
        "signed_in": bool(current_user and current_user.is_authenticated),
    }


@bp.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(ok=True)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Database (and Redis when set) answer."""
    parts = {"database": db.answers(), "redis": wake.answers()}
    ready = all(parts.values())
    return jsonify(ok=ready, **parts), 200 if ready else 503


@bp.post("/language")
def choose_language() -> Answer:
    """Remember the language on this device for a year."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid
    answer = redirect(local_path(request.form.get("next", "")))
    answer.set_cookie(COOKIE, chosen, max_age=timedelta(days=365), httponly=True, samesite="Lax")
    return answer


def local_path(target: str) -> str:
    """*target* when it is a path of ours, else the start page: an open redirect helps phishing."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    if plain and not any(ord(char) < 32 for char in target):
        return target
    return url_for("meetings.start")


def new_uuid() -> str:
    """A UUID for a form without JavaScript, so that a double press is one card."""
    return str(uuid4())
