"""Health of this process, for monitoring."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from .. import db, live

bp = Blueprint("ops", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Answer that the process is up."""
    return jsonify(ok=True)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer whether the database (and Redis when set) can be used."""
    parts = {"database": db.ping(), "redis": live.ping_redis()}
    ready = all(parts.values())
    return jsonify(ok=ready, **parts), 200 if ready else 503
