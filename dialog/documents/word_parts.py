"""Build Word templates in code: styles, tags that docxtpl fills, tables and links."""

from __future__ import annotations

from typing import Any, cast

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


def lay_page(document: DocumentObject) -> None:
    """Set the page to A4, with margins and a footer that numbers the pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2.2)
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT)
    add_run(footer, "{{ footer }}\t{{ w.page }} ", small=True)
    add_word_field(footer, "PAGE")
    add_run(footer, " (", small=True)
    add_word_field(footer, "NUMPAGES")
    add_run(footer, ")", small=True)


def set_styles(document: DocumentObject) -> None:
    """Set typeface, sizes, colours, spacing and language of the styles that our templates use."""
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
    # The language of the whole document, for Word's spelling and for screen readers.
    properties = normal.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="sv-SE" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), "sv-SE")


def add_tag(document: DocumentObject, what: str) -> None:
    """Add a tag in a paragraph that docxtpl removes when it fills the template."""
    document.add_paragraph(f"{{%p {what} %}}")


def add_if(document: DocumentObject, condition: str, add: Any) -> None:
    """Add what *add* adds, shown only when *condition* holds."""
    add_tag(document, f"if {condition}")
    add()
    add_tag(document, "endif")


def add_bullets(document: DocumentObject, name: str) -> None:
    """Add the list *name* with a bullet for each line."""
    add_tag(document, f"for line in {name}")
    document.add_paragraph("{{ line }}", style="List Bullet")
    add_tag(document, "endfor")


def add_fact_lines(document: DocumentObject, name: str) -> None:
    """Add the facts in *name*: label and value on a line, and the note under them."""
    add_tag(document, f"for fact in {name}")
    line = document.add_paragraph()
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(4.2), Cm(-4.2)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(4.2))
    add_run(line, "{{ fact.label }}\t", small=True)
    add_run(line, "{{ fact.value }}")
    add_run(line, "{% if fact.note %}{{ fact.note_line }}{% endif %}", small=True)
    add_tag(document, "endfor")


def add_table(document: DocumentObject, widths: tuple[Any, ...], headings: tuple[str, ...]) -> Table:
    """Add a table with a repeated header row of *headings*."""
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
        add_run(cell.paragraphs[0], heading, small=True)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return cast(Table, table)


def add_repeated_row(table: Table, loop: str) -> tuple[_Cell, ...]:
    """Add a row that is repeated for *loop*, and return its cells. docxtpl removes the rows with the tags."""
    cast(Any, table).add_row().cells[0].text = f"{{%tr for {loop} %}}"
    row = cast(Any, table).add_row()
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for cell, above in zip(row.cells, table.rows[0].cells, strict=True):
        cell.width = above.width
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    cast(Any, table).add_row().cells[0].text = "{%tr endfor %}"
    return tuple(row.cells)


def fill_cell(cell: _Cell, text: str) -> None:
    """Add *text* to the first paragraph of *cell*."""
    add_run(cell.paragraphs[0], text)


def add_run(paragraph: Paragraph, text: str, *, small: bool = False) -> Any:
    """Add *text*; return its properties as XML, for those that python-docx cannot set."""
    run = paragraph.add_run(text)
    if small:
        run.font.size, run.font.color.rgb = Pt(9), QUIET
    return run._r.get_or_add_rPr()


def add_word_field(paragraph: Paragraph, code: str) -> None:
    """Add a number that Word computes; *code* is PAGE or NUMPAGES."""
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    paragraph._p.append(field)


def add_bookmark(paragraph: Paragraph, name: str, number: str, text: str) -> None:
    """Add *text* as a bookmark that links can point at; *number* is unique in the document."""
    paragraph._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'))
    paragraph.add_run(text)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def add_link(paragraph: Paragraph, anchor: str, text: str) -> None:
    """Add *text* as a link to the bookmark *anchor* in the same document."""
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w")} w:anchor="{anchor}" w:history="1"><w:r><w:rPr>'
            f'<w:color w:val="{INK}"/><w:u w:val="single"/></w:rPr>'
            f'<w:t xml:space="preserve">{text}</w:t></w:r></w:hyperlink>'
        )
    )
