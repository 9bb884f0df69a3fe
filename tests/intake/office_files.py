"""Build Excel and Word files, good ones and hostile ones."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from docx import Document
from openpyxl import Workbook

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def workbook(*rows: list[Any], more: dict[str, list[list[Any]]] | None = None) -> bytes:
    """Return an Excel file with *rows* on its first sheet, and *more* sheets by name."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for name, others in (more or {}).items():
        extra = book.create_sheet(name)
        for row in others:
            extra.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def document(*parts: Any) -> bytes:
    """Return a Word file: «# text» is a heading, «- text» a list item, a list of lists a table."""
    word = Document()
    for part in parts:
        if isinstance(part, list):
            table = word.add_table(rows=0, cols=len(part[0]))
            for cells in part:
                row = table.add_row()
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif part.startswith("# "):
            word.add_heading(part[2:], level=1)
        elif part.startswith("- "):
            word.add_paragraph(part[2:], style="List Bullet")
        else:
            word.add_paragraph(part)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word_xml(body: str, before: str = "") -> bytes:
    """Return a Word file of the given XML; *before* is where an attacker puts a DOCTYPE."""
    xml = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": xml.encode()})


def changed(file: bytes, part: str, content: bytes) -> bytes:
    """Return *file* with one of its parts replaced."""
    with zipfile.ZipFile(BytesIO(file)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, part: content})
