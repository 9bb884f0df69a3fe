"""The body of a request, received whole and within its limit before anything is asked of the database.

Somebody who sends a body drop by drop occupies a green thread and nothing else. If a view asked the database
first and read the form then, forty unfinished requests of one phone would hold every connection there is,
and every page would answer 503.
"""

from __future__ import annotations

from flask import Flask, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..config import FORM_MAX, UPLOAD_MAX
from .security import settings_of

#: Bytes of a refused body that are read and thrown away, so that the browser reads the answer: it looks for
#: one only after it has sent everything, and shows an error of its own when the connection is closed before.
DISCARD_MAX = 4 * UPLOAD_MAX
_WITH_FILES = "multipart/form-data"


def init_app(app: Flask) -> None:
    """Receive every body before any other function looks at the request."""
    app.before_request(receive)


def body_limit() -> int:
    """Return how many bytes this request may send: little, unless somebody who signed in sends a form.

    The signed cookie tells it; whether the session still holds is for the database to say, which comes later.
    """
    if request.path.startswith("/api/") or "_user_id" not in session:
        return settings_of().max_request_kib * 1024
    return UPLOAD_MAX if request.mimetype == _WITH_FILES else FORM_MAX


def receive() -> None:
    """Read the body and keep it; views find it in ``request.form``, ``request.files`` and ``get_data()``.

    Errors: ``RequestEntityTooLarge`` past the limit, ``BadRequest`` when the sender went away. The error page
    then finds an empty form, and never tries to read the rest.
    """
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    limit = body_limit()
    # One byte more is let through here: at its limit the library cuts a chunked body, and says nothing.
    request.max_content_length = limit + 1
    try:
        if request.mimetype == _WITH_FILES:
            request.form  # noqa: B018  read and kept by looking at it
        elif len(request.get_data()) > limit:
            raise RequestEntityTooLarge
    except HTTPException as refusal:
        request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
        if isinstance(refusal, RequestEntityTooLarge):
            _discard()
        raise


def _discard() -> None:
    """Read what is left of a body that is too large, up to ``DISCARD_MAX``."""
    if request.headers.get("Expect"):
        return  # it was not sent yet, and now it will not be
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or DISCARD_MAX, DISCARD_MAX)
    try:
        while left > 0 and (piece := stream.read(min(left, 65536))):
            left -= len(piece)
    except (OSError, ValueError):
        return  # the sender went away, or sends no proper chunks
