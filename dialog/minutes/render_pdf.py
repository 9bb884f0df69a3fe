"""Render minutes as PDF/UA-1."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from ..documents.pdf import REGIONS, typeset
from ..documents.shortening import shorten
from .presentation import PresentedMinutes

_LAYOUT = Path(__file__).resolve().parent / "typst" / "minutes.typ"


def render_pdf(presented: PresentedMinutes, at: str) -> bytes:
    """Return the PDF of *presented*, dated *at*."""
    data = {
        **asdict(presented),
        "region": REGIONS.get(presented.language),
        "footer": f"{shorten(presented.title, 60)} · {presented.version}",
    }
    return typeset(data, datetime.fromisoformat(at), _LAYOUT)
