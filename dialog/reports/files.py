"""Jobs that make the files of a report version."""

from __future__ import annotations

from ..documents.file_actions import FileJobs
from .formats import FORMATS
from .models import Report


def _job_key(report: Report, code: str) -> str:
    return f"report/{report.id}/{code}"


FILE_JOBS: FileJobs[Report] = FileJobs("report.file", "report", FORMATS, lambda report: report.id, _job_key)
