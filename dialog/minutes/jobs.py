"""Make the files of a version in the worker. A file that is made again has the same bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from ..db import db
from ..documents.file_actions import store_file
from ..errors import NotFound
from ..work import jobs as work
from . import queries
from .files import FILE_JOBS
from .models import Minutes, MinutesFile
from .version_labels import present_version


@work.handles_kind(FILE_JOBS.kind)
def make_file(arguments: dict[str, Any], progress: work.Progress) -> None:
    """Render one file of one version and store it as a row."""
    minutes_id, code = int(arguments["minutes"]), str(arguments["format"])
    minutes = db.session.get(Minutes, minutes_id)
    if minutes is None or minutes.sent_at is None:
        raise NotFound
    if queries.has_file(minutes_id, code):
        return
    made, state, presented = FILE_JOBS.formats[code], minutes.state, present_version(minutes)
    at = (minutes.final_at or minutes.sent_at).isoformat()

    def new_row(session: Session, content: bytes) -> MinutesFile | None:
        now = session.get(Minutes, minutes_id)
        # When the minutes have become final meanwhile, another job makes the file that says so.
        if now is None or now.state != state or queries.has_file(minutes_id, code):
            return None
        return MinutesFile(minutes_id=minutes_id, format=code, content=content)

    store_file(lambda: made.render(__package__, presented, at), new_row)
