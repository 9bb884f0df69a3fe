"""Answer a request for a version's file: the file, or the page that waits for the worker."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..documents import downloads
from ..documents.file_names import slugify
from ..documents.formats import Format
from ..errors import NotFound
from ..people.current_user import organisation_context
from . import queries
from .files import FILE_JOBS
from .models import Minutes


def answer_with_file(minutes: Minutes, code: str, urls: dict[str, str]) -> ResponseReturnValue:
    """Return the file, or the waiting page; *urls* holds file, status, back and, for the staff, retry."""
    made = require_file_format(minutes, code)
    found = queries.file_of(minutes.id, code)
    if found is not None:
        sha256 = hashlib.sha256(found.content).hexdigest()
        return downloads.file_response(found.content, _file_name(minutes, code), made.mimetype, sha256)
    page = downloads.WaitingPage(
        title=minutes.meeting.title,
        failed_text=_(
            "The file could not be made. Nothing in the minutes is lost: they can be read on their page."
        ),
        back_text=_("Back to the minutes"),
        file_url=urls["file"],
        status_url=urls["status"],
        back_url=urls["back"],
        retry_url=urls.get("retry", ""),
    )
    job = FILE_JOBS.find_or_enqueue(minutes, code)
    context: dict[str, Any] = organisation_context(minutes.meeting.dialogue.organisation)
    return downloads.waiting_response(page, made, job, context)


def answer_with_status(minutes: Minutes, code: str) -> Response:
    """Return how far the worker is with a file, for the page that waits."""
    require_file_format(minutes, code)
    ready = queries.has_file(minutes.id, code)
    return downloads.status_response(None if ready else FILE_JOBS.find_or_enqueue(minutes, code))


def require_file_format(minutes: Minutes, code: str) -> Format:
    """Return the format; raise ``NotFound`` for an unknown one, and for a draft, which has no files."""
    if minutes.state == "draft":
        raise NotFound
    return downloads.require_format(FILE_JOBS.formats, code)


def _file_name(minutes: Minutes, code: str) -> str:
    title = slugify(minutes.meeting.title, default="mote", max_length=50)
    return f"minnesanteckningar-{title}-v{minutes.number}.{code}"
