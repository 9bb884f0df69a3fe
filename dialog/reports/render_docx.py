"""The report as a Word document, from a template.

A template is code. It is rendered in a sandbox that gives it values and nothing to call, every value is
escaped, and nothing a resident writes is ever read as a tag.
"""

from __future__ import annotations

import zipfile
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..documents.cells import strip_controls
from .presentation import CardLine, Fact, Presentation, Progress, meeting_facts, shorten, who_took_part
from .presenter import present
from .snapshot import Snapshot
from .word_template import default_template

#: Word's bookmarks are numbered; areas come after every card, sections (1–7) before.
_FIRST_MARK = 100
_LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}


def render_docx(snapshot: Snapshot, progress: Progress, *, template: bytes | None = None) -> bytes:
    """The Word file of *snapshot*, in the municipality's *template* or our own."""
    total = len(snapshot.cards)
    progress(0, total)
    filled = fill(template or default_template(), word_data(snapshot), snapshot.language, snapshot.created_at)
    progress(total, total)
    return filled


def fill(template: bytes, values: dict[str, Any], language: str, created_at: str) -> bytes:
    """*template* filled in the sandbox; *values* hold ``title`` and ``organisation`` and what it asks for."""
    document = DocxTemplate(BytesIO(template))
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    context = _clean(values)
    document.render(context, jinja_env=environment, autoescape=True)
    at = datetime.fromisoformat(created_at).replace(tzinfo=None)
    properties = document.docx.core_properties
    properties.title, properties.author = context["title"][:250], context["organisation"][:250]
    properties.language = _LANGUAGES.get(language, language)
    properties.created = properties.modified = at
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    out = BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def word_data(snapshot: Snapshot) -> dict[str, Any]:
    """What the template's tags stand for."""
    presentation = present(snapshot)
    language = _LANGUAGES.get(presentation.language, presentation.language)
    marks = iter(range(_FIRST_MARK, 10_000_000))

    def card(line: CardLine) -> dict[str, Any]:
        return {
            "id": line.id,
            "anchor": _bookmark_name(line.anchor),
            "mark": next(marks),
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
        "who": who_took_part(presentation),
        "areas": _areas(presentation, card, marks),
    }


def _areas(presentation: Presentation, card: Any, marks: Any) -> list[dict[str, Any]]:
    return [
        {
            "anchor": _bookmark_name(area.anchor),
            "mark": next(marks),
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
    """Word takes letters, digits and underscores."""
    return anchor.replace("-", "_")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return strip_controls(value)
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value


def same_bytes(document: bytes) -> bytes:
    """*document* packed anew with one fixed date, so that the same facts give the same file."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()
