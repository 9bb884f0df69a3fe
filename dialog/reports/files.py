"""Asking for a version's files; the worker makes them (``jobs.py``)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..work import jobs as work
from ..work.models import Job
from .models import Report
from .render import FORMATS

#: The kind of job that makes one file.
KIND = "report.file"


def key(report_id: int, code: str) -> str:
    """The same for everybody who wants this file."""
    return f"report/{report_id}/{code}"


def ask_for_files(session: Session, report: Report) -> list[Job]:
    """Ask for every file of *report* inside the transaction that publishes it; wake them after the commit."""
    return [
        work.enqueue_in(session, key(report.id, code), KIND, {"report": report.id, "format": code})
        for code in FORMATS
    ]
