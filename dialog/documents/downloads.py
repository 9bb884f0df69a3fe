"""Answer a request for a document's file: the file, or the page that waits until the worker has made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from ..errors import NotFound
from ..work.models import Job
from .formats import Format


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """The words of the waiting page, and the addresses that it links to."""

    title: str
    failed_text: str
    back_text: str
    file_url: str
    status_url: str
    back_url: str
    #: The address at which the staff may try again; empty for everybody else.
    retry_url: str = ""


def require_format(formats: Mapping[str, Format], code: str) -> Format:
    """Return the format called *code*; raise ``NotFound`` for an unknown one."""
    if code not in formats:
        raise NotFound
    return formats[code]


def file_response(content: bytes | str, name: str, mimetype: str, sha256: str) -> Response:
    """Return *content* as a download called *name*; 304 when the client has this very file already."""
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(sha256)
    # The client asks again each time, because a version may be withdrawn.
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def waiting_response(
    page: WaitingPage, made: Format, job: Job, context: dict[str, Any]
) -> ResponseReturnValue:
    """Return the page that follows *job* and opens the file; status 503 when the job has failed.

    *context* holds the variables of the base page.
    """
    text = render_template("documents/waiting.html", page=page, made=made, job=job, **context)
    return text, 503 if job.state == "failed" else 202


def status_response(job: Job | None) -> Response:
    """Return how far *job* is, as JSON for the waiting page; None means that the file is made."""
    if job is None:
        return jsonify(state="done", progress=100)
    return jsonify(state=job.state, progress=job.progress)
