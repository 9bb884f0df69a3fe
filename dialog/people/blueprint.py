"""The blueprint that the modules with people's pages share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("people", __name__)
