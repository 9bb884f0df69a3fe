"""Render minutes as a Word document, from a template made in code."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.shared import Cm

from ..documents.docx import fill_template
from ..documents.shortening import shorten
from ..documents.word_parts import (
    add_fact_lines,
    add_if,
    add_repeated_row,
    add_run,
    add_table,
    add_tag,
    fill_cell,
    lay_page,
    set_styles,
)
from .presentation import PresentedMinutes


def render_docx(presented: PresentedMinutes, at: str) -> bytes:
    """Return the Word file of *presented*, dated *at*."""
    values = {
        **asdict(presented),
        "w": presented.words,
        "footer": f"{shorten(presented.title, 60)} · {presented.version}",
        "facts": [{**asdict(fact), "note_line": f"\n{fact.note}"} for fact in presented.facts],
        "table": [
            {"name": name, "numbers": _channels(presented, numbers), "total": total}
            for name, numbers, total in presented.table
        ],
    }
    return fill_template(_template(), values, presented.language, at)


def _channels(presented: PresentedMinutes, numbers: tuple[str, ...]) -> str:
    """Return the channels that have cards as one text, because the Word table keeps its three columns."""
    found = zip(presented.channels, numbers, strict=True)
    return ", ".join(f"{label} {number}" for label, number in found if number != "0")


@cache
def _template() -> bytes:
    document = Document()
    lay_page(document)
    set_styles(document)
    add_run(document.add_paragraph(), "{{ organisation }} · {{ w.kind }} · {{ version }}", small=True)
    document.add_paragraph("{{ title }}", style="Title")
    add_if(document, "example", lambda: document.add_paragraph("{{ example }}"))
    add_fact_lines(document, "facts")
    add_tag(document, "if summary")
    document.add_heading("{{ w.summary }}", 1)
    document.add_paragraph("{{ summary }}")
    add_tag(document, "endif")
    _cards(document)
    add_tag(document, "if points")
    document.add_heading("{{ w.said }}", 1)
    add_tag(document, "for point in points")
    document.add_heading("{{ point.number }}. {{ point.heading }}", 2)
    add_if(
        document,
        "point.counted",
        lambda: add_run(document.add_paragraph(), "{{ point.counted }}", small=True),
    )
    add_if(document, "point.text", lambda: document.add_paragraph("{{ point.text }}"))
    add_tag(document, "endfor")
    add_tag(document, "endif")
    for name in ("agreed", "questions"):
        _rows(document, name)
    add_tag(document, "if next_steps")
    document.add_heading("{{ w.next }}", 1)
    document.add_paragraph("{{ next_steps }}")
    add_tag(document, "endif")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _cards(document: DocumentObject) -> None:
    document.add_heading("{{ w.cards }}", 1)
    document.add_paragraph("{{ counted }}{% if note %}. {{ note }}{% endif %}")
    add_tag(document, "if channels")
    headings = ("{{ w.area }}", "{{ w.cards }}", "{{ w.total }}")
    row = add_repeated_row(add_table(document, (Cm(7.6), Cm(6.6), Cm(2.4)), headings), "line in table")
    _fill(row, "{{ line.name }}", "{{ line.numbers }}", "{{ line.total }}")
    add_tag(document, "endif")


def _rows(document: DocumentObject, name: str) -> None:
    document.add_heading(f"{{{{ w.{name} }}}}", 1)
    add_if(document, f"not {name}", lambda: document.add_paragraph(f"{{{{ w.none_{name} }}}}"))
    add_tag(document, f"if {name}")
    headings = ("{{ w.what }}", "{{ w.who }}", "{{ w.when }}")
    row = add_repeated_row(add_table(document, (Cm(9.4), Cm(4), Cm(3.2)), headings), f"line in {name}")
    _fill(row, "{{ line.what }}", "{{ line.who }}", "{{ line.when }}")
    add_tag(document, "endif")


def _fill(row: tuple[Any, ...], *texts: str) -> None:
    for cell, text in zip(row, texts, strict=True):
        fill_cell(cell, text)
