"""Make the Word template of a report in code, so that no binary file has to be trusted or reviewed.

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
    add_bookmark,
    add_bullets,
    add_fact_lines,
    add_if,
    add_link,
    add_repeated_row,
    add_run,
    add_table,
    add_tag,
    fill_cell,
    lay_page,
    set_styles,
)


@cache
def default_template() -> bytes:
    """Return the template as a .docx file."""
    document = Document()
    lay_page(document)
    set_styles(document)
    _one_page(document)
    _summary(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _one_page(document: DocumentObject) -> None:
    add_run(document.add_paragraph(), "{{ organisation }} · {{ version }}", small=True)
    document.add_paragraph("{{ title }}", style="Title")
    document.add_heading("{{ w.one_page }}", 1)
    document.add_paragraph("{{ question_short }}", style="Intense Quote")
    add_if(document, "example", lambda: document.add_paragraph("{{ example }}"))
    add_fact_lines(document, "key_facts")
    document.add_heading("{{ w.what_came_in }}", 2)
    table = add_table(document, (Cm(11.6), Cm(3.5)), ("{{ w.area }}", "{{ w.cards }}"))
    row = add_repeated_row(table, "bar in bars")
    add_link(row[0].paragraphs[0], "{{ bar.anchor }}", "{{ bar.name }}")
    fill_cell(row[1], "{{ bar.number }}")
    add_tag(document, "if supported")
    document.add_heading("{{ w.supported }}", 2)
    add_tag(document, "for card in supported")
    line = document.add_paragraph(style="List Bullet")
    add_link(line, "{{ card.anchor }}", "{{ card.text }}")
    add_run(line, "  {{ card.meta }}", small=True)
    add_tag(document, "endfor")
    add_tag(document, "endif")
    for heading, text in (("can", "can_short"), ("cannot", "cannot_short")):
        document.add_heading(f"{{{{ w.{heading} }}}}", 2)
        document.add_paragraph(f"{{{{ {text} }}}}")
    document.add_heading("{{ w.read_numbers }}", 2)
    add_bullets(document, "limitations_short")


def _summary(document: DocumentObject) -> None:
    contents = document.add_heading("{{ w.contents }}", 1)
    contents.paragraph_format.page_break_before = True
    for anchor in ("assignment", "meetings", "who", "results"):
        add_link(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")
    add_tag(document, "for area in areas")
    entry = document.add_paragraph()
    entry.paragraph_format.left_indent = Cm(0.6)
    add_link(entry, "{{ area.anchor }}", "{{ area.name }}")
    add_run(entry, "  {{ area.counted }}", small=True)
    add_tag(document, "endfor")
    for anchor in ("limitations", "left_out", "how_counted"):
        add_link(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")

    _section(document, "assignment", 1)
    add_fact_lines(document, "assignment")
    _section(document, "meetings", 2)
    add_tag(document, "for meeting in meetings")
    document.add_heading("{{ meeting.title }}", 2)
    add_fact_lines(document, "meeting.facts")
    add_tag(document, "endfor")
    _section(document, "who", 3)
    add_bullets(document, "who")
    _section(document, "results", 4)
    add_tag(document, "for area in areas")
    _area(document)
    add_tag(document, "endfor")
    _section(document, "limitations", 5)
    add_bullets(document, "limitations_all")
    _section(document, "left_out", 6)
    add_bullets(document, "left_out")
    _section(document, "how_counted", 7)
    add_bullets(document, "method_notes")
    add_run(document.add_paragraph(), "{{ frozen }}. {{ w.checksum }}: {{ checksum }}", small=True)


def _area(document: DocumentObject) -> None:
    heading = document.add_heading("", 2)
    add_bookmark(heading, "{{ area.anchor }}", "{{ area.mark }}", "{{ area.name }}")
    add_tag(document, "if area.facts")
    add_fact_lines(document, "area.facts")
    add_tag(document, "endif")
    counted = document.add_paragraph()
    counted.paragraph_format.space_before = Pt(6)
    counted.add_run("{{ area.counted }}").bold = True
    add_if(document, "area.kinds", lambda: add_run(document.add_paragraph(), "{{ area.kinds }}", small=True))
    add_tag(document, "if area.quotes")
    document.add_heading("{{ w.quotes }}", 3)
    add_tag(document, "for card in area.quotes")
    quote = document.add_paragraph("{{ card.text }}  ", style="Quote")
    add_link(quote, "{{ card.anchor }}", "{{ w.card }} {{ card.id }}")
    add_tag(document, "endfor")
    add_tag(document, "endif")
    add_if(document, "not area.cards", lambda: document.add_paragraph("{{ w.no_cards }}"))
    add_tag(document, "if area.cards")
    widths = (Cm(1.4), Cm(10), Cm(5.2))
    table = add_table(document, widths, ("{{ w.number }}", "{{ w.text }}", "{{ w.about }}"))
    row = add_repeated_row(table, "card in area.cards")
    add_bookmark(row[0].paragraphs[0], "{{ card.anchor }}", "{{ card.mark }}", "{{ card.id }}")
    text = add_run(row[1].paragraphs[0], "{{ card.arrow }}{{ card.text }}")
    text.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{{{{ card.lang }}}}"/>'))
    add_run(row[2].paragraphs[0], "{{ card.meta }}", small=True)
    add_tag(document, "endif")


def _section(document: DocumentObject, name: str, number: int) -> None:
    add_bookmark(document.add_heading("", 1), name, str(number), f"{number}  {{{{ w.{name} }}}}")
