"""Reading JSON from a request, whose size was looked at in ``bodies``."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_babel import gettext as _

from ..errors import Invalid


def _no_constant(name: str) -> Any:
    # NaN and Infinity are Python's own and no JSON.
    raise ValueError(name)


def json_body() -> Any:
    """Return the body as JSON, or raise ``Invalid`` for anything that is no JSON."""
    # Only this content type makes another site's page ask before it sends.
    if request.mimetype != "application/json":
        raise Invalid(message=_("Send JSON, with the content type application/json."))
    try:
        return json.loads(request.get_data().decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid(message=_("This is no JSON.")) from None
