"""Reads one Excel or Word file and ends: run as a script by ``files``, never imported.

A process of its own, with limits of time and memory: a file of two megabytes can unfold to gigabytes, and the
live process must neither wait for it nor die of it. Nothing is computed, run or fetched: formulas give the
value they last had, macros are not looked at, external entities are not resolved.

Gets the file on standard input; answers with JSON: ``{"blocks": […], "left": […]}`` or ``{"refused": code}``.
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
#: What the parts of the file may unfold to. A workbook of 500 notes is well under one megabyte.
UNFOLDED_BYTES = 24 * 2**20
MOST_PARTS = 2000
#: Looked through; far beyond what is taken, so that the refusal can say how many there are.
MOST_ROWS = 20_000
MOST_COLUMNS = 40
MOST_CHARACTERS = 2_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText"}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")


class RefusedError(Exception):
    """The file cannot be read; the message is a code that ``files`` puts into words."""


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
        # Whatever a hostile file makes the libraries stumble over: it is the file that is wrong.
        answer = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def read(data: bytes) -> dict[str, Any]:
    """The blocks of a file in one of the two formats."""
    try:
        archive = ZipFile(BytesIO(data))
    except BadZipFile:
        raise RefusedError("broken") from None
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNFOLDED_BYTES:
        raise RefusedError("unfolds")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("locked")
    if any(_declares(archive.read(part)) for part in parts if part.filename.endswith((".xml", ".rels"))):
        raise RefusedError("broken")  # no office program writes a DOCTYPE; entities live there
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return _workbook(data)
    if "word/document.xml" in names:
        return _document(archive, names)
    raise RefusedError("format")


def _declares(xml: bytes) -> bool:
    return b"<!DOCTYPE" in xml.replace(b"\0", b"")  # UTF-16 has a zero beside each letter


def _workbook(data: bytes) -> dict[str, Any]:
    """The first sheet that holds anything; the names of the others are told."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for place, sheet in enumerate(sheets):
        sheet.reset_dimensions()  # what the file says of its own size need not be true
        rows = _rows(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS))
        if any(any(cells) for _number, cells in rows):
            return {
                "blocks": [{"rows": rows, "sheet": sheet.title}],
                "left": [other.title for other in sheets[place + 1 :]],
            }
    return {"blocks": [], "left": []}


def _rows(found: Iterator[tuple[Any, ...]]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    length = 0
    for number, values in enumerate(found, start=1):
        if number > MOST_ROWS:
            raise RefusedError("rows")
        cells = [_cell(value) for value in values]
        length += sum(map(len, cells))
        if length > MOST_CHARACTERS:
            raise RefusedError("unfolds")
        rows.append((number, cells))
    return rows


def _cell(value: Any) -> str:
    """What somebody sees in the cell, near enough."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _document(archive: ZipFile, names: set[str]) -> dict[str, Any]:
    """Paragraphs and tables in the order of the text."""
    headings = _heading_styles(archive) if "word/styles.xml" in names else set()
    body = _parse(archive.read("word/document.xml")).find(f"{_W}body")
    blocks: list[dict[str, Any]] = []
    length = number = 0
    for element in _flat(body) if body is not None else ():
        if element.tag == f"{_W}tbl":
            rows = [[_cell_text(cell) for cell in _cells(row)] for row in _within(element, f"{_W}tr")]
            blocks.append({"rows": list(enumerate(rows, start=1))})
            length += sum(len(cell) for row in rows for cell in row)
        else:
            number += 1
            text = _text(element)
            kind = "heading" if _style(element) in headings else "paragraph"
            blocks.append({"number": number, kind: text})
            length += len(text)
        if len(blocks) > MOST_ROWS:
            raise RefusedError("rows")
        if length > MOST_CHARACTERS:
            raise RefusedError("unfolds")
    return {"blocks": blocks, "left": []}


def _parse(xml: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(xml, parser)


def _heading_styles(archive: ZipFile) -> set[str]:
    """The ids of the styles that are headings: «Rubrik1» in a Swedish Word, «Heading1» in an English one."""
    found = set()
    for style in _parse(archive.read("word/styles.xml")).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        called = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if called.startswith("heading ") or called in ("title", "subtitle"):
            found.add(style.get(f"{_W}styleId") or "")
    return found


def _flat(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside content controls and insertions."""
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _flat(element)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, not those of a table inside it."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _within(element, tag)


def _cells(row: Any) -> list[Any]:
    return list(_within(row, f"{_W}tc"))[:MOST_COLUMNS]


def _cell_text(cell: Any) -> str:
    return "\n".join(text for text in (_text(each) for each in cell.iter(f"{_W}p")) if text.strip())


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val") or "" if style is not None else ""


def _text(element: Any) -> str:
    """What is written in a paragraph: what was struck out with tracked changes is gone."""
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
