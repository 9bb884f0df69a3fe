"""Pages for the staff that compare a version with the one before it and return its files."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..errors import NotFound
from ..people.current_user import signed_in_user
from . import queries
from .blueprint import bp
from .comparison import compare_parts
from .downloads import answer_with_file, answer_with_status, require_file_format
from .files import FILE_JOBS
from .presentation import list_parts
from .version_labels import present_version


@bp.get("/minutes/<int:minutes_id>/compare")
@login_required
def compared(minutes_id: int) -> str:
    """Show a version beside the one that was sent before it."""
    minutes = queries.minutes_for(signed_in_user(), minutes_id)
    versions = queries.sent_versions(minutes.meeting_id)
    earlier = next((each for each in versions if each.number < minutes.number), None)
    if earlier is None:
        raise NotFound
    return render_template(
        "minutes/compare.html",
        layout="staff.html",
        meeting=minutes.meeting,
        old=earlier,
        new=minutes,
        changes=compare_parts(list_parts(present_version(earlier)), list_parts(present_version(minutes))),
        back=url_for("minutes.show", minutes_id=minutes.id),
    )


@bp.get("/minutes/<int:minutes_id>/files/<code>")
@login_required
def file(minutes_id: int, code: str) -> ResponseReturnValue:
    """Return a version as a file."""
    minutes = queries.minutes_for(signed_in_user(), minutes_id)
    url_values: dict[str, Any] = {"minutes_id": minutes_id, "code": code}
    urls = {
        "file": url_for("minutes.file", **url_values),
        "status": url_for("minutes.file_status", **url_values),
        "retry": url_for("minutes.retry", **url_values),
        "back": url_for("minutes.show", minutes_id=minutes_id),
    }
    return answer_with_file(minutes, code, urls)


@bp.get("/minutes/<int:minutes_id>/files/<code>/status")
@login_required
def file_status(minutes_id: int, code: str) -> Response:
    """Return how far the worker is with a file."""
    return answer_with_status(queries.minutes_for(signed_in_user(), minutes_id), code)


@bp.post("/minutes/<int:minutes_id>/files/<code>")
@login_required
def retry(minutes_id: int, code: str) -> Answer:
    """Enqueue a file again that could not be made."""
    minutes = queries.minutes_for(signed_in_user(), minutes_id)
    require_file_format(minutes, code)
    FILE_JOBS.enqueue(minutes, code)
    return redirect(url_for("minutes.file", minutes_id=minutes_id, code=code), 303)
