"""The formats of a report's files. Each file is a pure function of one snapshot."""

from __future__ import annotations

from ..documents.formats import CSV, EXCEL, PDF, WORD

FORMATS = {made.code: made for made in (PDF, WORD, EXCEL, CSV)}
