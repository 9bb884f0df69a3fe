"""Render minutes as PDF/UA-1."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from ..documents.pdf import REGIONS, typeset
from ..documents.shortening import shorten
from .presentation import Sheet

_LAYOUT = Path(__file__).resolve().parent / "typst" / "minutes.typ"


def render_pdf(sheet: Sheet, at: str) -> bytes:
    """Return the PDF of *sheet*, dated *at*."""
    data = {
        **asdict(sheet),
        "region": REGIONS.get(sheet.language),
        "footer": f"{shorten(sheet.title, 60)} · {sheet.version}",
    }
    return typeset(data, datetime.fromisoformat(at), _LAYOUT)
