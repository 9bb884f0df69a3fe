"""The files that minutes can be had as, and asking the worker for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy.orm import Session

from ..reports.labels import N_
from ..work import jobs as work
from ..work.models import Job
from .models import Minutes
from .presentation import Sheet

#: The kind of job that makes one file.
KIND = "minutes.file"
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is named and made. ``label`` is a message id."""

    code: str
    label: str
    mimetype: str

    def render(self, sheet: Sheet, at: str) -> bytes:
        """The file, dated *at*. Its libraries are loaded here, in the worker."""
        module = import_module(f".render_{self.code}", __package__)
        make: Callable[[Sheet, str], bytes] = getattr(module, f"render_{self.code}")
        return make(sheet, at)


FORMATS = {
    made.code: made
    for made in (
        Format("pdf", N_("PDF"), "application/pdf"),
        Format("docx", N_("Word"), f"{_OFFICE}.wordprocessingml.document"),
    )
}


def key(minutes: Minutes, code: str) -> str:
    """The same for everybody who wants this file; another one once the minutes are final."""
    return f"minutes/{minutes.id}/{minutes.state}/{code}"


def ask_for_files(session: Session, minutes: Minutes) -> list[Job]:
    """Ask for every file inside the transaction that sends *minutes*; wake them after the commit."""
    return [
        work.enqueue_in(session, key(minutes, code), KIND, {"minutes": minutes.id, "format": code})
        for code in FORMATS
    ]
