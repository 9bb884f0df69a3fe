"""The blueprint that the pages for notes and for printed sheets share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/meetings/<int:meeting_id>")
