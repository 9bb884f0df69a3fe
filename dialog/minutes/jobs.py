"""Making a version's files in the worker. Making one again gives the same bytes."""

from __future__ import annotations

from typing import Any

from ..db import db, write
from ..errors import NotFound
from ..work import jobs as work
from ..work.models import Job
from . import queries
from .files import FORMATS, KIND, key
from .models import Minutes, MinutesFile
from .version_labels import sheet_of


def ask_for_file(minutes: Minutes, code: str) -> Job:
    """The job that makes this file, asked for unless it is under way or has failed."""
    job = work.find_job(key(minutes, code))
    return job if job is not None and job.state != "done" else retry_file(minutes, code)


def retry_file(minutes: Minutes, code: str) -> Job:
    """Ask for the file again after a failure."""
    return work.enqueue(key(minutes, code), KIND, {"minutes": minutes.id, "format": code})


@work.handles_kind(KIND)
def make_file(arguments: dict[str, Any], progress: work.Progress) -> None:
    """Render one file of one version and store it as a row."""
    minutes_id, code = int(arguments["minutes"]), str(arguments["format"])
    minutes = db.session.get(Minutes, minutes_id)
    if minutes is None or minutes.sent_at is None:
        raise NotFound
    if queries.has_file(minutes_id, code):
        return
    state, sheet = minutes.state, sheet_of(minutes)
    at = (minutes.final_at or minutes.sent_at).isoformat()
    db.session.rollback()  # no open transaction while the file is made
    content = FORMATS[code].render(sheet, at)
    with write() as session:
        now = session.get(Minutes, minutes_id)
        # Made final meanwhile: another job makes the file that says so.
        if now is not None and now.state == state and queries.file_of(minutes_id, code) is None:
            session.add(MinutesFile(minutes_id=minutes_id, format=code, content=content))
