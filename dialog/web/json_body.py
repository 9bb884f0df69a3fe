"""Reading JSON from a request, within its limits."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_babel import gettext as _

from ..errors import Invalid, TooLarge
from .security import settings_of


def _no_constant(name: str) -> Any:
    # NaN and Infinity are Python's own and no JSON.
    raise ValueError(name)


def json_body() -> Any:
    """The body as JSON. Raises ``TooLarge`` past the limit and ``Invalid`` for anything that is no JSON."""
    most = settings_of().max_request_kib * 1024
    if request.content_length is not None and request.content_length > most:
        raise TooLarge
    body = request.stream.read(most + 1)
    if len(body) > most:
        raise TooLarge
    # Only this content type makes another site's page ask before it sends.
    if request.mimetype != "application/json":
        raise Invalid(message=_("Send JSON, with the content type application/json."))
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid(message=_("This is no JSON.")) from None
