"""Making a version's files in the worker. A file is made once; making it again gives the same bytes."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select

from ..db import db, write
from ..errors import NotFound
from ..work import jobs as work
from ..work.models import Job
from . import queries
from .files import KIND, key
from .models import Report, ReportFile
from .render import FORMATS
from .snapshot import Snapshot, SnapshotError, checksum


def ask_for_file(report: Report, code: str) -> Job:
    """The job that makes this file, asked for unless it is under way or has failed."""
    job = work.find_job(key(report.id, code))
    return job if job is not None and job.state != "done" else retry_file(report, code)


def retry_file(report: Report, code: str) -> Job:
    """Ask for the file again after a failure."""
    return work.enqueue(key(report.id, code), KIND, {"report": report.id, "format": code})


@work.handles_kind(KIND)
def make_file(arguments: dict[str, Any], progress: work.Progress) -> None:
    """Render one file of one version and store it as a row."""
    report_id, code = int(arguments["report"]), str(arguments["format"])
    if code in queries.files_ready(report_id):
        return
    made = FORMATS[code]
    row = db.session.execute(
        select(Report.snapshot, Report.sha256).where(Report.id == report_id)
    ).one_or_none()
    db.session.rollback()  # no open transaction while the file is made
    if row is None or row.snapshot is None:
        raise NotFound
    if checksum(row.snapshot) != row.sha256:
        raise SnapshotError("the stored text is not the one that was frozen")
    content = made.render(Snapshot.from_json(row.snapshot), progress)
    with write() as session:
        if queries.file_of(report_id, code) is None:
            session.add(
                ReportFile(
                    report_id=report_id,
                    format=code,
                    content=content,
                    sha256=hashlib.sha256(content).hexdigest(),
                )
            )
