"""The formats of minutes, and the jobs that make a version's files."""

from __future__ import annotations

from ..documents.file_actions import FileJobs
from ..documents.formats import PDF, WORD
from .models import Minutes

FORMATS = {made.code: made for made in (PDF, WORD)}


def _job_key(minutes: Minutes, code: str) -> str:
    """Return the key of the job; it changes when the minutes become final, because the files say so."""
    return f"minutes/{minutes.id}/{minutes.state}/{code}"


FILE_JOBS: FileJobs[Minutes] = FileJobs(
    "minutes.file", "minutes", FORMATS, lambda minutes: minutes.id, _job_key
)
