"""The files a report can be had as. Each is a pure function of one snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from .labels import N_
from .presentation import Progress
from .snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is named and made. ``label`` is a message id."""

    code: str
    label: str
    mimetype: str
    extension: str

    def render(self, snapshot: Snapshot, progress: Progress) -> bytes:
        """The file of *snapshot*. Its libraries are loaded here: the live process knows the name only."""
        module = import_module(f".render_{self.code}", __package__)
        make: Callable[[Snapshot, Progress], bytes] = getattr(module, f"render_{self.code}")
        return make(snapshot, progress)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    made.code: made
    for made in (
        Format("pdf", N_("PDF"), "application/pdf", "pdf"),
        Format("docx", N_("Word"), f"{_OFFICE}.wordprocessingml.document", "docx"),
        Format("xlsx", N_("Excel"), f"{_OFFICE}.spreadsheetml.sheet", "xlsx"),
        Format("csv", N_("CSV"), "text/csv; charset=utf-8", "csv"),
    )
}
