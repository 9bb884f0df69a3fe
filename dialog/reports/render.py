"""The files a report can be had as. Each is a pure function of one snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .labels import N_
from .presentation import Progress
from .render_csv import render_csv
from .render_docx import render_docx
from .render_pdf import render_pdf
from .render_xlsx import render_xlsx
from .snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is named and made. ``label`` is a message id."""

    code: str
    label: str
    mimetype: str
    extension: str
    render: Callable[[Snapshot, Progress], bytes]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    made.code: made
    for made in (
        Format("pdf", N_("PDF"), "application/pdf", "pdf", render_pdf),
        Format("docx", N_("Word"), f"{_OFFICE}.wordprocessingml.document", "docx", render_docx),
        Format("xlsx", N_("Excel"), f"{_OFFICE}.spreadsheetml.sheet", "xlsx", render_xlsx),
        Format("csv", N_("CSV"), "text/csv; charset=utf-8", "csv", render_csv),
    )
}
