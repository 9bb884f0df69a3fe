"""Detect the kind of an uploaded file by its contents, not its name, and read it safely."""

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

#: Max size of a file, in bytes.
MAX_BYTES = 2 * 1024 * 1024
#: Endings that the browser offers to choose among; the contents decide.
ACCEPT = ".xlsx,.csv,.tsv,.txt,.docx"
_READER = Path(__file__).with_name("office_reader.py")
_TIMEOUT_SECONDS = 15
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
#: A file with more than ten of these, and more than one in fifty characters, is no text.
_CONTROL_CHARACTERS = frozenset(map(chr, range(32))) - set("\t\r\n\v\f")

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Block:
    """A table, a heading or a paragraph; ``number`` is its position."""

    rows: Rows | None = None
    heading: str | None = None
    paragraph: str | None = None
    number: int = 0


@dataclass
class Contents:
    """The blocks of a file, and the names of parts that were not read, such as the second sheet."""

    blocks: list[Block] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_file(data: bytes, is_header_row: Callable[[list[str]], bool]) -> Contents:
    """Return the contents of an uploaded file; raises ``Invalid`` with what to do if it cannot be read.

    *is_header_row* tells whether a row of cells holds headings, which decides the delimiter of a text file.
    """
    if len(data) > MAX_BYTES:
        raise _refusal("large")
    if not data.strip():
        raise _refusal("empty")
    if data.startswith(b"PK\x03\x04"):
        return _read_office_file(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refusal("locked")
    if data.startswith((b"%PDF", b"{\\rtf", b"PK")):
        raise _refusal("format")
    return Contents([Block(rows=_split_columns(_decode(data), is_header_row))])


def _refusal(code: str) -> Invalid:
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


def _read_office_file(data: bytes) -> Contents:
    """Read a workbook or a document in a process of its own, with limits of time and memory."""
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
        # The reader ran out of time or memory and died without an answer.
        raise _refusal("unfolds") from None
    if "refused" in answer:
        raise _refusal(answer["refused"])
    blocks = [
        Block(
            rows=[(number, cells) for number, cells in block["rows"]] if "rows" in block else None,
            heading=block.get("heading"),
            paragraph=block.get("paragraph"),
            number=block.get("number", 0),
        )
        for block in answer["blocks"]
    ]
    return Contents(blocks, answer["unread"])


def _decode(data: bytes) -> str:
    """Decode text as Excel and editors save it: by its byte order mark, else UTF-8, else Windows-1252."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    text = None
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        break
    odd = sum(map(_CONTROL_CHARACTERS.__contains__, text or ""))
    if text is None or "\0" in text or odd > max(10, len(text) // 50):
        raise _refusal("format")
    return text


def _split_columns(text: str, is_header_row: Callable[[list[str]], bool]) -> Rows:
    """Return the rows of a text file.

    A comma separates columns only below a row of headings, because it also occurs in sentences.
    """
    for delimiter in ";\t,":
        rows = _read_csv(text, delimiter)
        filled = [cells for _number, cells in rows if any(cell.strip() for cell in cells)]
        if any(is_header_row(cells) and len(cells) > 1 for cells in filled[:10]):
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
        # A stray quotation mark makes the file invalid, so every quotation mark is read as plain text.
        plain = csv.reader(StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        try:
            return _records(plain)
        except csv.Error:
            raise _refusal("broken") from None


def _records(reader: Any) -> Rows:
    """Return each record with the number of its first line."""
    rows: Rows = []
    begins = 1
    for cells in reader:
        rows.append((begins, cells))
        begins = reader.line_num + 1
    return rows
