"""Make a version's files in the worker. A file is made once; the same version gives the same bytes."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..db import db
from ..documents.file_actions import store_file
from ..errors import NotFound
from ..work import jobs as work
from . import queries
from .files import FILE_JOBS
from .models import Report, ReportFile
from .snapshot import Snapshot, SnapshotError, checksum


@work.handles_kind(FILE_JOBS.kind)
def make_file(arguments: dict[str, Any], progress: work.Progress) -> None:
    """Render one file of one version and store it as a row."""
    report_id, code = int(arguments["report"]), str(arguments["format"])
    if code in queries.files_ready(report_id):
        return
    made = FILE_JOBS.formats[code]
    stored = db.session.execute(
        select(Report.snapshot, Report.sha256).where(Report.id == report_id)
    ).one_or_none()
    if stored is None or stored.snapshot is None:
        raise NotFound
    if checksum(stored.snapshot) != stored.sha256:
        raise SnapshotError("the stored text is not the one that was frozen")

    def new_row(session: Session, content: bytes) -> ReportFile | None:
        if queries.file_of(report_id, code) is not None:
            return None
        sha256 = hashlib.sha256(content).hexdigest()
        return ReportFile(report_id=report_id, format=code, content=content, sha256=sha256)

    snapshot = Snapshot.from_json(stored.snapshot)
    store_file(lambda: made.render(__package__, snapshot, progress), new_row)
