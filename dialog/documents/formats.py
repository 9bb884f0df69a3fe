"""The formats that a document can be downloaded in."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its code, which is also the file's extension, its label and its media type."""

    code: str
    label: str
    mimetype: str

    def render(self, package: str, *arguments: object) -> bytes:
        """Return the file that ``render_<code>`` of *package* makes from *arguments*.

        The module is imported here, in the worker: the live process never loads the libraries that it needs.
        """
        module = import_module(f"{package}.render_{self.code}")
        content: bytes = getattr(module, f"render_{self.code}")(*arguments)
        return content


PDF = Format("pdf", "PDF", "application/pdf")
WORD = Format("docx", "Word", f"{_OFFICE}.wordprocessingml.document")
EXCEL = Format("xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet")
CSV = Format("csv", "CSV", "text/csv; charset=utf-8")
