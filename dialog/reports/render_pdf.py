"""Render the report as PDF/UA-1."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from ..documents.pdf import REGIONS, typeset
from ..documents.shortening import shorten
from .presentation import Presentation, Progress, attendance_lines, meeting_facts
from .presenter import present_report
from .snapshot import Snapshot

_LAYOUT = Path(__file__).resolve().parent / "typst" / "report.typ"
#: The number of areas, supported cards and limitations on the first page, and whether the responsible are
#: named there. The layout takes the first size that fits.
_SIZES = ((9, 5, 3, True), (9, 5, 3, False), (6, 3, 2, False), (4, 2, 1, False), (3, 0, 0, False))


def render_pdf(snapshot: Snapshot, progress: Progress) -> bytes:
    """Return the PDF of *snapshot*."""
    total = len(snapshot.cards)
    progress(0, total)
    data = layout_data(snapshot)
    pdf = typeset(data, datetime.fromisoformat(snapshot.created_at), _LAYOUT)
    progress(total, total)
    return pdf


def layout_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the layout needs."""
    presentation = present_report(snapshot)
    return {
        **asdict(presentation),
        "region": REGIONS.get(presentation.language),
        "footer": f"{shorten(presentation.title, 60)} · {presentation.version}",
        "organisation_short": shorten(presentation.organisation, 70),
        "sizes": [_one_page(presentation, *size) for size in _SIZES],
        "meetings": [
            {"title": meeting.title, "facts": [asdict(fact) for fact in meeting_facts(presentation, meeting)]}
            for meeting in presentation.meetings
        ],
        "who": attendance_lines(presentation),
        "channels": [[label, str(number)] for label, number in presentation.channels],
        "channel_table": [
            {"anchor": anchor, "name": name, "numbers": list(map(str, numbers)), "total": str(total)}
            for anchor, name, numbers, total in presentation.channel_table
        ],
        "total": str(presentation.total),
        "checksum_broken": " ".join(re.findall(".{8}", presentation.checksum)),
    }


def _one_page(
    presentation: Presentation, areas: int, supported: int, limitations: int, roomy: bool
) -> dict[str, Any]:
    return {
        "roomy": roomy,
        "bars": [{**asdict(bar), "short_name": shorten(bar.name, 60)} for bar in presentation.bars[:areas]],
        "more_areas": presentation.more_areas.get(areas, ""),
        "supported": [asdict(card) for card in presentation.supported[:supported]],
        "limitations": [shorten(line, 220) for line in presentation.limitations[:limitations]],
    }
