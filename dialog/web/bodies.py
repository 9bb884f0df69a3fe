"""Receive each request's body completely, and within its limit, before the database is used.

A client that sends its body slowly then occupies a green thread and nothing else. If a view used the database
first and read the form later, forty unfinished requests of one phone would hold every database connection,
and every page would answer 503.
"""

from __future__ import annotations

from flask import Flask, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..config import FORM_MAX, UPLOAD_MAX
from .settings import settings_of

#: Bytes of a refused body that are read and discarded. A browser reads the answer only after it has sent
#: everything, and shows an error of its own if the connection closes before.
DISCARD_MAX = 4 * UPLOAD_MAX
_WITH_FILES = "multipart/form-data"


def init_app(app: Flask) -> None:
    """Receive every body before other functions see the request."""
    app.before_request(receive)


def body_limit() -> int:
    """Return how many bytes this request may send: little, unless a signed-in user sends a form.

    The signed cookie decides; the database checks later whether the session is still valid.
    """
    if request.path.startswith("/api/") or "_user_id" not in session:
        return settings_of().max_request_kib * 1024
    return UPLOAD_MAX if request.mimetype == _WITH_FILES else FORM_MAX


def receive() -> None:
    """Read the body, which views find in ``request.form``, ``request.files`` and ``get_data()``.

    Raises ``RequestEntityTooLarge`` past the limit and ``BadRequest`` when the client went away. The error
    page then finds an empty form and never tries to read the rest.
    """
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    limit = body_limit()
    # One byte more is allowed here, because the library cuts a chunked body at its limit silently.
    request.max_content_length = limit + 1
    try:
        if request.mimetype == _WITH_FILES:
            request.form  # noqa: B018  the attribute reads and caches the body
        elif len(request.get_data()) > limit:
            raise RequestEntityTooLarge
    except HTTPException as refusal:
        request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
        if isinstance(refusal, RequestEntityTooLarge):
            _discard()
        raise


def _discard() -> None:
    """Read the rest of a body that is too large, up to ``DISCARD_MAX``."""
    if request.headers.get("Expect"):
        return  # the client has not sent the body, and will not
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or DISCARD_MAX, DISCARD_MAX)
    try:
        while left > 0 and (piece := stream.read(min(left, 65536))):
            left -= len(piece)
    except (OSError, ValueError):
        return  # the client went away, or its chunks are malformed
