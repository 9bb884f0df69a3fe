"""The Word template a report starts from, made in code: no binary file has to be trusted or reviewed.

It is an ordinary docxtpl template: real heading styles, tags in double braces. A municipality's own template
takes the same tags.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

INK = RGBColor(0x17, 0x32, 0x4D)
QUIET = RGBColor(0x55, 0x60, 0x6B)
_FONT = "Calibri"


@cache
def default_template() -> bytes:
    """The template as a .docx file."""
    document = Document()
    _page(document)
    _styles(document)
    _one_page(document)
    _summary(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2.2)
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT)
    _run(footer, "{{ footer }}\t{{ w.page }} ", small=True)
    _field(footer, "PAGE")
    _run(footer, " (", small=True)
    _field(footer, "NUMPAGES")
    _run(footer, ")", small=True)


def _styles(document: DocumentObject) -> None:
    sizes = {"Normal": 10.5, "Title": 25, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11}
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:cs"), _FONT)
        if name != "Normal":
            style.font.color.rgb = INK
            style.font.bold = True
            style.paragraph_format.keep_with_next = True
    title: Any = document.styles["Title"]
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(4)
    quote: Any = document.styles["Intense Quote"]
    quote.font.color.rgb, quote.font.bold, quote.font.italic, quote.font.size = INK, False, False, Pt(13)
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Cm(0)
    quote.paragraph_format.space_before, quote.paragraph_format.space_after = Pt(4), Pt(10)
    for border in quote.element.pPr.findall(qn("w:pBdr")):
        quote.element.pPr.remove(border)
    for name, before in (("Heading 1", 18), ("Heading 2", 11), ("Heading 3", 9)):
        heading: Any = document.styles[name]
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(4)
    # The tag is filled in like any other: the language of the whole document.
    properties = normal.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="sv-SE" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), "sv-SE")


def _one_page(document: DocumentObject) -> None:
    _run(document.add_paragraph(), "{{ organisation }} · {{ version }}", small=True)
    document.add_paragraph("{{ title }}", style="Title")
    document.add_heading("{{ w.one_page }}", 1)
    document.add_paragraph("{{ question_short }}", style="Intense Quote")
    _when(document, "example", lambda: document.add_paragraph("{{ example }}"))
    _facts(document, "key_facts")
    document.add_heading("{{ w.what_came_in }}", 2)
    table = _table(document, (Cm(11.6), Cm(3.5)), ("{{ w.area }}", "{{ w.cards }}"))
    row = _rows(table, "bar in bars")
    _link(row[0].paragraphs[0], "{{ bar.anchor }}", "{{ bar.name }}")
    _right(row[1], "{{ bar.number }}")
    _tag(document, "if supported")
    document.add_heading("{{ w.supported }}", 2)
    _tag(document, "for card in supported")
    line = document.add_paragraph(style="List Bullet")
    _link(line, "{{ card.anchor }}", "{{ card.text }}")
    _run(line, "  {{ card.meta }}", small=True)
    _tag(document, "endfor")
    _tag(document, "endif")
    for heading, text in (("can", "can_short"), ("cannot", "cannot_short")):
        document.add_heading(f"{{{{ w.{heading} }}}}", 2)
        document.add_paragraph(f"{{{{ {text} }}}}")
    document.add_heading("{{ w.read_numbers }}", 2)
    _bullets(document, "limitations_short")


def _summary(document: DocumentObject) -> None:
    contents = document.add_heading("{{ w.contents }}", 1)
    contents.paragraph_format.page_break_before = True
    for anchor in ("assignment", "meetings", "who", "results"):
        _link(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")
    _tag(document, "for area in areas")
    entry = document.add_paragraph()
    entry.paragraph_format.left_indent = Cm(0.6)
    _link(entry, "{{ area.anchor }}", "{{ area.name }}")
    _run(entry, "  {{ area.counted }}", small=True)
    _tag(document, "endfor")
    for anchor in ("limitations", "left_out", "how_counted"):
        _link(document.add_paragraph(), anchor, f"{{{{ w.{anchor} }}}}")

    _section(document, "assignment", 1)
    _facts(document, "assignment")
    _section(document, "meetings", 2)
    _tag(document, "for meeting in meetings")
    document.add_heading("{{ meeting.title }}", 2)
    _facts(document, "meeting.facts")
    _tag(document, "endfor")
    _section(document, "who", 3)
    _bullets(document, "who")
    _section(document, "results", 4)
    _tag(document, "for area in areas")
    _area(document)
    _tag(document, "endfor")
    _section(document, "limitations", 5)
    _bullets(document, "limitations_all")
    _section(document, "left_out", 6)
    _bullets(document, "left_out")
    _section(document, "how_counted", 7)
    _bullets(document, "method_notes")
    _run(document.add_paragraph(), "{{ frozen }}. {{ w.checksum }}: {{ checksum }}", small=True)


def _area(document: DocumentObject) -> None:
    heading = document.add_heading("", 2)
    _bookmark(heading, "{{ area.anchor }}", "{{ area.mark }}", "{{ area.name }}")
    _tag(document, "if area.facts")
    _facts(document, "area.facts")
    _tag(document, "endif")
    counted = document.add_paragraph()
    counted.paragraph_format.space_before = Pt(6)
    counted.add_run("{{ area.counted }}").bold = True
    _when(document, "area.kinds", lambda: _run(document.add_paragraph(), "{{ area.kinds }}", small=True))
    _tag(document, "if area.quotes")
    document.add_heading("{{ w.quotes }}", 3)
    _tag(document, "for card in area.quotes")
    quote = document.add_paragraph("{{ card.text }}  ", style="Quote")
    _link(quote, "{{ card.anchor }}", "{{ w.card }} {{ card.id }}")
    _tag(document, "endfor")
    _tag(document, "endif")
    _when(document, "not area.cards", lambda: document.add_paragraph("{{ w.no_cards }}"))
    _tag(document, "if area.cards")
    widths = (Cm(1.4), Cm(10), Cm(5.2))
    table = _table(document, widths, ("{{ w.number }}", "{{ w.text }}", "{{ w.about }}"))
    row = _rows(table, "card in area.cards")
    _bookmark(row[0].paragraphs[0], "{{ card.anchor }}", "{{ card.mark }}", "{{ card.id }}")
    text = _run(row[1].paragraphs[0], "{{ card.arrow }}{{ card.text }}")
    text.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{{{{ card.lang }}}}"/>'))
    _run(row[2].paragraphs[0], "{{ card.meta }}", small=True)
    _tag(document, "endif")


# --- building blocks ---


def _section(document: DocumentObject, name: str, number: int) -> None:
    _bookmark(document.add_heading("", 1), name, str(number), f"{number}  {{{{ w.{name} }}}}")


def _tag(document: DocumentObject, what: str) -> None:
    """A paragraph that docxtpl takes away, leaving what the tag does."""
    document.add_paragraph(f"{{%p {what} %}}")


def _when(document: DocumentObject, condition: str, add: Any) -> None:
    _tag(document, f"if {condition}")
    add()
    _tag(document, "endif")


def _bullets(document: DocumentObject, name: str) -> None:
    _tag(document, f"for line in {name}")
    document.add_paragraph("{{ line }}", style="List Bullet")
    _tag(document, "endfor")


def _facts(document: DocumentObject, name: str) -> None:
    """A label and its value on one line each, the note under it."""
    _tag(document, f"for fact in {name}")
    line = document.add_paragraph()
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(4.2), Cm(-4.2)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(4.2))
    _run(line, "{{ fact.label }}\t", small=True)
    _run(line, "{{ fact.value }}")
    _run(line, "{% if fact.note %}{{ fact.note_line }}{% endif %}", small=True)
    _tag(document, "endfor")


def _table(document: DocumentObject, widths: tuple[Any, ...], headings: tuple[str, ...]) -> Table:
    table = document.add_table(rows=1, cols=len(headings))
    table.autofit = False
    table._tblPr.append(
        parse_xml(
            f'<w:tblBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:color="C5CCD3"/>'
            '<w:insideH w:val="single" w:sz="4" w:color="C5CCD3"/></w:tblBorders>'
        )
    )
    header = table.rows[0]
    header._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell, width, heading in zip(header.cells, widths, headings, strict=True):
        cell.width = width
        _run(cell.paragraphs[0], heading, small=True)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return cast(Table, table)


def _rows(table: Table, loop: str) -> tuple[_Cell, ...]:
    """The row that is repeated for *loop*; the tags stand in rows that docxtpl takes away."""
    cast(Any, table).add_row().cells[0].text = f"{{%tr for {loop} %}}"
    row = cast(Any, table).add_row()
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for cell, above in zip(row.cells, table.rows[0].cells, strict=True):
        cell.width = above.width
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    cast(Any, table).add_row().cells[0].text = "{%tr endfor %}"
    return tuple(row.cells)


def _right(cell: _Cell, text: str) -> None:
    _run(cell.paragraphs[0], text)


def _run(paragraph: Paragraph, text: str, *, small: bool = False) -> Any:
    """Add *text*; returns its properties, for what python-docx has no word for."""
    run = paragraph.add_run(text)
    if small:
        run.font.size, run.font.color.rgb = Pt(9), QUIET
    return run._r.get_or_add_rPr()


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that Word computes: PAGE or NUMPAGES."""
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    paragraph._p.append(field)


def _bookmark(paragraph: Paragraph, name: str, number: str, text: str) -> None:
    """*text* as a place that links can point at; *number* is unique in the document."""
    paragraph._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'))
    paragraph.add_run(text)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def _link(paragraph: Paragraph, anchor: str, text: str) -> None:
    """*text* as a link to a bookmark in the same document."""
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w")} w:anchor="{anchor}" w:history="1"><w:r><w:rPr>'
            f'<w:color w:val="{INK}"/><w:u w:val="single"/></w:rPr>'
            f'<w:t xml:space="preserve">{text}</w:t></w:r></w:hyperlink>'
        )
    )
