"""Minutes as PDF/UA-1: a layout of their own, set by the report's typesetter in a process of its own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from ..reports.presentation import shorten
from ..reports.render_pdf import fitted, typeset
from .presentation import Sheet

_LAYOUT = Path(__file__).resolve().parent / "typst" / "minutes.typ"
_REGIONS = {"sv": "SE", "en": "GB"}


def render_pdf(sheet: Sheet, at: str) -> bytes:
    """The PDF of *sheet*, dated *at*."""
    data = {
        **asdict(sheet),
        "region": _REGIONS.get(sheet.language),
        "footer": f"{shorten(sheet.title, 60)} · {sheet.version}",
    }
    return typeset(fitted(data), datetime.fromisoformat(at), _LAYOUT)
