"""The blueprint that the pages of the facilitation screen share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("facilitation", __name__, url_prefix="/meetings/<int:meeting_id>")
