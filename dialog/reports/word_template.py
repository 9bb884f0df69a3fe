"""The Word template a report starts from, made in code: no binary file has to be trusted or reviewed.

It is an ordinary docxtpl template: real heading styles, tags in double braces. A municipality's own template
takes the same tags.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

from ..documents.word_parts import (
    bookmark,
    bullets,
    fact_lines,
    in_cell,
    lay_page,
    link_to,
    repeated_row,
    run,
    set_styles,
    table_of,
    tag,
    when,
)


@cache
def default_template() -> bytes:
    """The template as a .docx file."""
    document = Document()
    lay_page(document)
    set_styles(document)
    _one_page(document)
    _summary(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _one_page(document: DocumentObject) -> None:
    run(document.add_paragraph(), "{{ organisation }} · {{ version }}", small=True)
    document.add_paragraph("{{ title }}", style="Title")
    document.add_heading("{{ w.one_page }}", 1)
    document.add_paragraph("{{ question_short }}", style="Intense Quote")
    when(document, "example", lambda: document.add_paragraph("{{ example }}"))
    fact_lines(document, "key_facts")
    document.add_heading("{{ w.what_came_in }}", 2)
    table = table_of(document, (Cm(11.6), Cm(3.5)), ("{{ w.area }}", "{{ w.cards }}"))
    row = repeated_row(table, "bar in bars")
    link_to(row[0].paragraphs[0], "{{ bar.anchor }}", "{{ bar.name }}")
    in_cell(row[1], "{{ bar.number }}")
    tag(document, "if supported")
    document.add_heading("{{ w.supported }}", 2)
    tag(document, "for card in supported")
    line = document.add_paragraph(style="List Bullet")
    link_to(line, "{{ card.anchor }}", "{{ card.text }}")
    run(line, "  {{ card.meta }}", small=True)
    tag(document, "endfor")
    tag(document, "endif")
    for heading, text in (("can", "can_short"), ("cannot", "cannot_short")):
        document.add_heading(f"{{{{ w.{heading} }}}}", 2)
        document.add_paragraph(f"{{{{ {text} }}}}")
    document.add_heading("{{ w.read_numbers }}", 2)
    bullets(document, "limitations_short")


def _summary(document: DocumentObject) -> None:
    contents = document.add_heading("{{ w.contents }}", 1)
    contents.paragraph_format.page_break_before = True
    for anchor in ("assignment", "meetings", "who", "results"):
        link_to(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")
    tag(document, "for area in areas")
    entry = document.add_paragraph()
    entry.paragraph_format.left_indent = Cm(0.6)
    link_to(entry, "{{ area.anchor }}", "{{ area.name }}")
    run(entry, "  {{ area.counted }}", small=True)
    tag(document, "endfor")
    for anchor in ("limitations", "left_out", "how_counted"):
        link_to(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")

    _section(document, "assignment", 1)
    fact_lines(document, "assignment")
    _section(document, "meetings", 2)
    tag(document, "for meeting in meetings")
    document.add_heading("{{ meeting.title }}", 2)
    fact_lines(document, "meeting.facts")
    tag(document, "endfor")
    _section(document, "who", 3)
    bullets(document, "who")
    _section(document, "results", 4)
    tag(document, "for area in areas")
    _area(document)
    tag(document, "endfor")
    _section(document, "limitations", 5)
    bullets(document, "limitations_all")
    _section(document, "left_out", 6)
    bullets(document, "left_out")
    _section(document, "how_counted", 7)
    bullets(document, "method_notes")
    run(document.add_paragraph(), "{{ frozen }}. {{ w.checksum }}: {{ checksum }}", small=True)


def _area(document: DocumentObject) -> None:
    heading = document.add_heading("", 2)
    bookmark(heading, "{{ area.anchor }}", "{{ area.mark }}", "{{ area.name }}")
    tag(document, "if area.facts")
    fact_lines(document, "area.facts")
    tag(document, "endif")
    counted = document.add_paragraph()
    counted.paragraph_format.space_before = Pt(6)
    counted.add_run("{{ area.counted }}").bold = True
    when(document, "area.kinds", lambda: run(document.add_paragraph(), "{{ area.kinds }}", small=True))
    tag(document, "if area.quotes")
    document.add_heading("{{ w.quotes }}", 3)
    tag(document, "for card in area.quotes")
    quote = document.add_paragraph("{{ card.text }}  ", style="Quote")
    link_to(quote, "{{ card.anchor }}", "{{ w.card }} {{ card.id }}")
    tag(document, "endfor")
    tag(document, "endif")
    when(document, "not area.cards", lambda: document.add_paragraph("{{ w.no_cards }}"))
    tag(document, "if area.cards")
    widths = (Cm(1.4), Cm(10), Cm(5.2))
    table = table_of(document, widths, ("{{ w.number }}", "{{ w.text }}", "{{ w.about }}"))
    row = repeated_row(table, "card in area.cards")
    bookmark(row[0].paragraphs[0], "{{ card.anchor }}", "{{ card.mark }}", "{{ card.id }}")
    text = run(row[1].paragraphs[0], "{{ card.arrow }}{{ card.text }}")
    text.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{{{{ card.lang }}}}"/>'))
    run(row[2].paragraphs[0], "{{ card.meta }}", small=True)
    tag(document, "endif")


def _section(document: DocumentObject, name: str, number: int) -> None:
    bookmark(document.add_heading("", 1), name, str(number), f"{number}  {{{{ w.{name} }}}}")
