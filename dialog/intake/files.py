"""Which kind of file it is, judged by what is in it and not by its name, and how it is read safely."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from ..errors import Invalid

#: Largest file that is taken, in bytes.
LARGEST = 2 * 1024 * 1024
#: What the browser offers to choose among; what counts is in the file.
ACCEPT = ".xlsx,.csv,.tsv,.txt,.docx"
_READER = Path(__file__).with_name("office_reader.py")
_TIMEOUT_SECONDS = 15
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
#: More than a few such characters, and more than one in fifty: it is no text.
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\r\n\v\f")

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Block:
    """A table, a heading or a paragraph; ``number`` is where it stands."""

    rows: Rows | None = None
    heading: str | None = None
    paragraph: str | None = None
    number: int = 0


@dataclass
class Contents:
    """What a file holds, and what of it was not read (such as the second sheet of a workbook)."""

    blocks: list[Block] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_file(data: bytes, knows_header: Callable[[list[str]], bool]) -> Contents:
    """The contents of an uploaded file; raises ``Invalid`` with what to do about one that cannot be read.

    *knows_header* tells whether a row of cells is a row of headings: it decides how a text file is parted.
    """
    if len(data) > LARGEST:
        raise _refuse("large")
    if not data.strip():
        raise _refuse("empty")
    if data.startswith(b"PK\x03\x04"):
        return _unpacked(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refuse("locked")
    if data.startswith((b"%PDF", b"{\\rtf", b"PK")):
        raise _refuse("format")
    return Contents([Block(rows=_parted(_decoded(data), knows_header))])


def _refuse(code: str) -> Invalid:
    reasons = {
        "large": _("The file is larger than 2 MB. Remove pictures from it, or divide it into several files."),
        "empty": _("The file is empty."),
        "locked": _(
            "The file is in an older format, or has a password. Open it, save it as .xlsx or .docx without a "
            "password, and choose it again."
        ),
        "format": _(
            "This kind of file cannot be read here. Save it as .xlsx, .csv or .docx and choose it again."
        ),
        "unfolds": _(
            "There is far more in the file than notes. Copy the notes to a new file and choose that one."
        ),
        "rows": _("There are far too many rows in the file. Divide it into several files."),
        "broken": _(
            "The file seems to be damaged. Open it, save it anew as .xlsx, .csv or .docx, and try again."
        ),
    }
    return Invalid({"file": reasons.get(code, reasons["broken"])})


def _unpacked(data: bytes) -> Contents:
    """A workbook or a document, read by a process that ends with it."""
    try:
        done = subprocess.run(  # noqa: S603  (our own script; the file is on standard input)
            [sys.executable, "-I", str(_READER)],
            input=data,
            capture_output=True,
            env={"LANG": "C.UTF-8"},
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # It ran out of time or memory and died without an answer.
        raise _refuse("unfolds") from None
    if "refused" in answer:
        raise _refuse(answer["refused"])
    blocks = [
        Block(
            rows=[(number, cells) for number, cells in block["rows"]] if "rows" in block else None,
            heading=block.get("heading"),
            paragraph=block.get("paragraph"),
            number=block.get("number", 0),
        )
        for block in answer["blocks"]
    ]
    return Contents(blocks, answer["left"])


def _decoded(data: bytes) -> str:
    """Text as Excel and editors save it: UTF-8 or UTF-16 where marked so, else UTF-8, else Windows' own."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    text = None
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        break
    odd = sum(map(_CONTROLS.__contains__, text or ""))
    if text is None or "\0" in text or odd > max(10, len(text) // 50):
        raise _refuse("format")
    return text


def _parted(text: str, knows_header: Callable[[list[str]], bool]) -> Rows:
    """The rows of a text file. Only what surely parts columns does: a comma is also a mark in a sentence."""
    for delimiter in ";\t,":
        rows = _read_csv(text, delimiter)
        filled = [cells for _number, cells in rows if any(cell.strip() for cell in cells)]
        if any(knows_header(cells) and len(cells) > 1 for cells in filled[:10]):
            return rows
        even = sum(len(cells) == len(filled[0]) for cells in filled) >= 0.8 * len(filled)
        if delimiter != "," and filled and len(filled[0]) > 1 and even:
            return rows
    # One column. Its cells may be quoted, as a spreadsheet saves a text with a line break in it.
    return _read_csv(text, "\x1f")


def _read_csv(text: str, delimiter: str) -> Rows:
    try:
        return _records(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        # A stray quotation mark; then it is a mark like any other.
        plain = csv.reader(StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        try:
            return _records(plain)
        except csv.Error:
            raise _refuse("broken") from None


def _records(reader: Any) -> Rows:
    """Each record with the line on which it begins."""
    rows: Rows = []
    begins = 1
    for cells in reader:
        rows.append((begins, cells))
        begins = reader.line_num + 1
    return rows
