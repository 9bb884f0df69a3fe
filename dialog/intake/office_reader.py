"""Read one Excel or Word file and end. ``files`` runs this as a script; it is never imported.

A process of its own, with limits of time and memory: a file of two megabytes can unfold to gigabytes, and the
live process must neither wait for it nor die of it. Nothing is computed, run or fetched: a formula gives its
last value, macros are ignored, external entities are not resolved.

Input: the file. Output: JSON, ``{"blocks": […], "unread": […]}`` or ``{"refused": code}``.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

_MEMORY_BYTES = 768 * 2**20
_CPU_SECONDS = 8
#: Max size of all unpacked parts. A workbook of 500 notes is well under one megabyte.
MAX_UNPACKED_BYTES = 24 * 2**20
MAX_PARTS = 2000
#: Rows that are read: far more than are saved, so that the refusal can say how many there are.
MAX_ROWS = 20_000
MAX_COLUMNS = 40
MAX_CHARACTERS = 2_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText"}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")


class RefusedError(Exception):
    """Raised when the file cannot be read; the message is a code that ``files`` turns into a text."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    try:
        answer = read(sys.stdin.buffer.read())
    except RefusedError as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "unfolds"}
    except Exception:
        # A hostile file can make the libraries fail in any way; the fault is the file's.
        answer = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def read(data: bytes) -> dict[str, Any]:
    """Return the blocks of a workbook or a document."""
    try:
        archive = ZipFile(BytesIO(data))
    except BadZipFile:
        raise RefusedError("broken") from None
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise RefusedError("unfolds")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("locked")
    if any(_has_doctype(archive.read(part)) for part in parts if part.filename.endswith((".xml", ".rels"))):
        raise RefusedError("broken")  # no office program writes a DOCTYPE; entities live there
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return _read_workbook(data)
    if "word/document.xml" in names:
        return _read_document(archive, names)
    raise RefusedError("format")


def _has_doctype(xml: bytes) -> bool:
    return b"<!DOCTYPE" in xml.replace(b"\0", b"")  # UTF-16 has a zero beside each letter


def _read_workbook(data: bytes) -> dict[str, Any]:
    """Return the first sheet with any text, and the names of the sheets after it."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for place, sheet in enumerate(sheets):
        sheet.reset_dimensions()  # the size that the file states need not be true
        rows = _rows(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS))
        if any(any(cells) for _number, cells in rows):
            return {
                "blocks": [{"rows": rows, "sheet": sheet.title}],
                "unread": [other.title for other in sheets[place + 1 :]],
            }
    return {"blocks": [], "unread": []}


def _rows(found: Iterator[tuple[Any, ...]]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    length = 0
    for number, values in enumerate(found, start=1):
        if number > MAX_ROWS:
            raise RefusedError("rows")
        cells = [_cell(value) for value in values]
        length += sum(map(len, cells))
        if length > MAX_CHARACTERS:
            raise RefusedError("unfolds")
        rows.append((number, cells))
    return rows


def _cell(value: Any) -> str:
    """Return the value about as it is shown in the cell."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _read_document(archive: ZipFile, names: set[str]) -> dict[str, Any]:
    """Return the paragraphs and tables in the order of the text."""
    headings = _heading_styles(archive) if "word/styles.xml" in names else set()
    body = _parse(archive.read("word/document.xml")).find(f"{_W}body")
    blocks: list[dict[str, Any]] = []
    length = number = 0
    for element in _iter_blocks(body) if body is not None else ():
        if element.tag == f"{_W}tbl":
            rows = [[_cell_text(cell) for cell in _cells(row)] for row in _iter_children(element, f"{_W}tr")]
            blocks.append({"rows": list(enumerate(rows, start=1))})
            length += sum(len(cell) for row in rows for cell in row)
        else:
            number += 1
            text = _text(element)
            kind = "heading" if _style(element) in headings else "paragraph"
            blocks.append({"number": number, kind: text})
            length += len(text)
        if len(blocks) > MAX_ROWS:
            raise RefusedError("rows")
        if length > MAX_CHARACTERS:
            raise RefusedError("unfolds")
    return {"blocks": blocks, "unread": []}


def _parse(xml: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(xml, parser)


def _heading_styles(archive: ZipFile) -> set[str]:
    """Return the ids of the heading styles: «Rubrik1» in a Swedish Word, «Heading1» in an English one."""
    found = set()
    for style in _parse(archive.read("word/styles.xml")).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        called = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if called.startswith("heading ") or called in ("title", "subtitle"):
            found.add(style.get(f"{_W}styleId") or "")
    return found


def _iter_blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables, also those inside content controls and insertions."""
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _iter_blocks(element)


def _iter_children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, but not those of a table inside it."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _iter_children(element, tag)


def _cells(row: Any) -> list[Any]:
    return list(_iter_children(row, f"{_W}tc"))[:MAX_COLUMNS]


def _cell_text(cell: Any) -> str:
    return "\n".join(text for text in (_text(each) for each in cell.iter(f"{_W}p")) if text.strip())


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val") or "" if style is not None else ""


def _text(element: Any) -> str:
    """Return the text of a paragraph, without what tracked changes have struck out."""
    if element.tag in _SKIPPED:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    if element.tag == f"{_W}tab" and element.getparent().tag == f"{_W}r":
        return " "
    return "".join(_text(child) for child in element if isinstance(child.tag, str))


if __name__ == "__main__":
    main()
