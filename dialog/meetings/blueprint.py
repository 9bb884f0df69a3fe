"""The blueprint that the pages about meetings share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("meetings", __name__)
