"""A version's file as an answer: the file itself, or the page that waits for the worker."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from ..errors import NotFound
from ..people.current_user import organisation_context
from ..text import normalised
from . import jobs, queries
from .files import FORMATS, Format
from .models import Minutes


def file_or_wait(minutes: Minutes, code: str, addresses: dict[str, str]) -> ResponseReturnValue:
    """The file. While it is made, a page with *addresses*: here, status, back and (for the staff) retry."""
    made = _format(minutes, code)
    found = queries.file_of(minutes.id, code)
    if found is not None:
        headers = {"Content-Disposition": f'attachment; filename="{_name(minutes, code)}"'}
        return Response(found.content, content_type=made.mimetype, headers=headers)
    job = jobs.ask_for_file(minutes, code)
    words: dict[str, Any] = organisation_context(minutes.meeting.dialogue.organisation)
    page = render_template(
        "minutes/file.html", minutes=minutes, made=made, job=job, addresses=addresses, **words
    )
    return page, 503 if job.state == "failed" else 202


def file_status(minutes: Minutes, code: str) -> Response:
    """How far the worker is: read by the page that waits."""
    _format(minutes, code)
    if queries.has_file(minutes.id, code):
        return jsonify(state="done", progress=100)
    job = jobs.ask_for_file(minutes, code)
    return jsonify(state=job.state, progress=job.progress)


def _format(minutes: Minutes, code: str) -> Format:
    """The format; ``NotFound`` for an unknown one, and for a version that has no files."""
    if code not in FORMATS or minutes.state == "draft":
        raise NotFound
    return FORMATS[code]


def _name(minutes: Minutes, code: str) -> str:
    """A plain ASCII name: the meeting's letters without their marks."""
    plain = normalised("NFKD", minutes.meeting.title).encode("ascii", "ignore").decode()
    words = "-".join("".join(char if char.isalnum() else " " for char in plain).lower().split())[:50]
    return f"minnesanteckningar-{words or 'mote'}-v{minutes.number}.{code}"
