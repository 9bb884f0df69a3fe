"""Answer refused and failed requests: JSON for the API, a page for people."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from .. import db
from ..errors import DialogError, Forbidden, Invalid, NotFound, TooFast, TooLarge, Unavailable


def init_app(app: Flask) -> None:
    app.register_error_handler(DialogError, error_response)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    for error in db.UNAVAILABLE_ERRORS:
        app.register_error_handler(error, _database_unavailable)
    app.register_error_handler(Exception, _unexpected_error)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def error_response(error: DialogError) -> tuple[Any, int, dict[str, str]]:
    """Return the answer to a refused request: JSON for the API, a page for people.

    The page shows what the person had typed, so that they can copy it.
    """
    headers: dict[str, str] = {}
    if isinstance(error, TooFast):
        headers["Retry-After"] = str(error.retry_after)
    if wants_json():
        return jsonify(ok=False, error=error.as_dict()), error.status, headers
    try:
        # ``bodies`` has read the form or emptied it; an error page must not read a body that failed.
        kept = request.form.get("text") or request.form.get("notes") or ""
        page = render_template("error.html", error=error, status=error.status, kept=kept)
    except Exception as failure:
        # The base page needs the signed-in user, who cannot be loaded now; or the template itself fails.
        is_expected = isinstance(failure, SQLAlchemyError)
        current_app.logger.error("no page for the error", exc_info=None if is_expected else failure)
        db.db.session.rollback()
        page = f"<!doctype html><meta charset=utf-8><title>Dialog</title><p>{escape(error.message)}</p>"
    return page, error.status, headers


def _csrf_error(_error: CSRFError) -> tuple[Any, int, dict[str, str]]:
    # Usually this is no attack, but a page that was open for long.
    return error_response(
        Invalid(message=_("The page had been open for too long. Go back, reload it and send again."))
    )


def _http_error(error: HTTPException) -> tuple[Any, int, dict[str, str]]:
    known: dict[int, type[DialogError]] = {403: Forbidden, 404: NotFound, 413: TooLarge}
    status = error.code or 500
    ours = known.get(status, Invalid if status < 500 else DialogError)()
    if isinstance(ours, TooLarge) and not wants_json():
        ours = TooLarge(
            _(
                "That is more than can be sent at once. Go back with the browser's back button: what you "
                "typed is still there. Shorten it, or choose a smaller file, and send again."
            )
        )
    body, _status, headers = error_response(ours)
    if status == 405 and isinstance(getattr(error, "valid_methods", None), list):
        headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return body, status, headers


def _database_unavailable(error: Exception) -> tuple[Any, int, dict[str, str]]:
    current_app.logger.error("the database does not answer: %s", type(error).__name__)
    db.db.session.rollback()
    return error_response(Unavailable())


def _unexpected_error(error: Exception) -> tuple[Any, int, dict[str, str]]:
    current_app.logger.error("unexpected failure", exc_info=error)
    db.db.session.rollback()
    return error_response(DialogError())
