"""Render the report as a Word document, from a template."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..documents.docx import LANGUAGE_TAGS, fill_template
from ..documents.fact import Fact
from ..documents.shortening import shorten
from .presentation import CardLine, Presentation, Progress, attendance_lines, meeting_facts
from .presenter import present_report
from .snapshot import Snapshot
from .word_template import default_template

#: Bookmarks of Word have numbers; areas come after every card, sections (1–7) before.
_FIRST_BOOKMARK = 100


def render_docx(snapshot: Snapshot, progress: Progress, *, template: bytes | None = None) -> bytes:
    """Return the Word file of *snapshot*, in the municipality's *template* or our own."""
    total = len(snapshot.cards)
    progress(0, total)
    filled = fill_template(
        template or default_template(), word_data(snapshot), snapshot.language, snapshot.created_at
    )
    progress(total, total)
    return filled


def word_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return the values of the template's tags."""
    presentation = present_report(snapshot)
    language = LANGUAGE_TAGS.get(presentation.language, presentation.language)
    bookmark_ids = iter(range(_FIRST_BOOKMARK, 10_000_000))

    def card(line: CardLine) -> dict[str, Any]:
        return {
            "id": line.id,
            "anchor": _bookmark_name(line.anchor),
            "mark": next(bookmark_ids),
            "text": line.text,
            "meta": line.meta,
            "arrow": "↳ " * min(line.depth, 4),
            "lang": line.lang or language,
        }

    return {
        **asdict(presentation),
        "w": presentation.words,
        "footer": f"{shorten(presentation.title, 60)} · {presentation.version}",
        "key_facts": [_fact(fact) for fact in presentation.key_facts],
        "bars": [{**asdict(bar), "anchor": _bookmark_name(bar.anchor)} for bar in presentation.bars],
        "supported": [card(line) for line in presentation.supported],
        "limitations_short": [presentation.missing, *presentation.limitations[:2]],
        "limitations_all": [presentation.missing, *presentation.limitations],
        "assignment": [_fact(fact) for fact in presentation.assignment],
        "meetings": [
            {"title": meeting.title, "facts": [_fact(fact) for fact in meeting_facts(presentation, meeting)]}
            for meeting in presentation.meetings
        ],
        "who": attendance_lines(presentation),
        "areas": _areas(presentation, card, bookmark_ids),
    }


def _areas(presentation: Presentation, card: Any, bookmark_ids: Any) -> list[dict[str, Any]]:
    return [
        {
            "anchor": _bookmark_name(area.anchor),
            "mark": next(bookmark_ids),
            "name": area.name,
            "facts": [_fact(fact) for fact in area.facts],
            "counted": area.counted,
            "kinds": area.kinds,
            "quotes": [card(line) for line in area.quotes],
            "cards": [card(line) for line in area.cards],
        }
        for area in presentation.areas
    ]


def _fact(fact: Fact) -> dict[str, str]:
    return {**asdict(fact), "note_line": f"\n{fact.note}"}


def _bookmark_name(anchor: str) -> str:
    """Return *anchor* as Word allows it: letters, digits and underscores."""
    return anchor.replace("-", "_")
