"""Parse the JSON body of a request; ``bodies`` has checked its size."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_babel import gettext as _

from ..errors import Invalid


def _no_constant(name: str) -> Any:
    # NaN and Infinity are extensions of Python, not JSON.
    raise ValueError(name)


def json_body() -> Any:
    """Return the body as JSON, or raise ``Invalid`` for anything that is no JSON."""
    # For this content type, browsers ask the server before another site's page may send.
    if request.mimetype != "application/json":
        raise Invalid(message=_("Send JSON, with the content type application/json."))
    try:
        return json.loads(request.get_data().decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid(message=_("This is no JSON.")) from None
