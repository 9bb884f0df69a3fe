"""From what was pasted or what a file holds to notes: columns by their headings, paragraphs, bullets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from ..cards.models import TEXT_MAX
from ..text import clean_text, has_forbidden_character, without_forbidden_characters
from .column_names import COLUMNS, column_of, is_header
from .files import Block, Contents, Rows

#: What stands before a line in a list that was pasted from somewhere.
_BULLET = re.compile(r"^[•◦▪‣●○*\-–—·]\s+")
#: How far down a table its headings may stand, below a title of the sheet.
_HEADER_WITHIN = 10


@dataclass
class Draft:
    """A note as it was found; every column as it was written."""

    place: str
    text: str
    area: str = ""
    kind: str = ""
    table: str = ""
    stands_for: str = ""
    round: str = ""
    #: Characters that cannot be saved were removed from it.
    cleaned: bool = False


@dataclass
class Found:
    """The notes, and what should be said about how they were found."""

    drafts: list[Draft] = field(default_factory=list)
    empty: int = 0
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A note as it stood in the box."""

    number: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The notes in *text*: empty lines are left out, the marks of a list before a line too."""
    found = []
    # Only real line breaks part notes: splitlines() would also cut at what Word uses inside a line.
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = without_bullet(_cleaned(raw))
        if line:
            found.append(Line(number, line))
    return found


def count_lines(text: str) -> int:
    """Return how many notes are in *text*, without cleaning any of them: there may be a million."""
    return sum(1 for _line in filter(str.strip, text.replace("\r", "\n").split("\n")))


def without_bullet(text: str) -> str:
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def _cleaned(text: str) -> str:
    return clean_text(text, max_length=TEXT_MAX)


def from_box(text: str) -> Found:
    """Each line of the box is a note."""
    found = Found()
    for line in lines_of(text):
        _add(found, Draft(_("Line %(number)s", number=line.number), line.text))
    return found


def from_file(contents: Contents, is_area: Callable[[str], bool]) -> Found:
    """The notes in a file. *is_area* tells whether a heading names a focus area of the dialogue."""
    found = Found()
    area = ""
    tables = sum(block.rows is not None for block in contents.blocks)
    table = 0
    for block in contents.blocks:
        if block.rows is not None:
            table += 1
            number = table if tables > 1 or len(contents.blocks) > 1 else 0
            _from_table(found, block.rows, number, area)
        elif block.heading is not None or is_area(block.paragraph or ""):
            area = _headed(found, block, is_area)
        else:
            text = without_bullet(_cleaned(block.paragraph or ""))
            if text:
                _add(found, Draft(_("Paragraph %(number)s", number=block.number), text, area=area))
            else:
                found.empty += 1
    if contents.left:
        found.said.append(
            _("Only the first sheet was read. Not read: %(names)s.", names=", ".join(contents.left[:10]))
        )
    return found


def _headed(found: Found, block: Block, is_area: Callable[[str], bool]) -> str:
    """The area of what follows a heading: its own, or none if it names none."""
    heading = _cleaned(block.heading or block.paragraph or "")
    if is_area(heading):
        return heading
    if heading:
        found.said.append(
            _("The heading «%(heading)s» names no focus area, and is no note.", heading=heading[:80])
        )
    return ""


def _from_table(found: Found, rows: Rows, table: int, area: str) -> None:
    columns, body = _columns(found, rows)
    for number, cells in body:
        if not any(cell.strip() for cell in cells):
            found.empty += 1
            continue
        given = {column: _cleaned(cells[place]) for column, place in columns.items() if place < len(cells)}
        place = (
            _("Table %(table)s, row %(row)s", table=table, row=number)
            if table
            else _("Row %(number)s", number=number)
        )
        given["text"] = without_bullet(given.get("text", ""))
        given["area"] = given.get("area") or area
        _add(found, _draft(place, given))


def _draft(place: str, given: dict[str, str]) -> Draft:
    draft = Draft(place, given.pop("text"))
    for column, said in given.items():
        setattr(draft, column, said)
    return draft


def _columns(found: Found, rows: Rows) -> tuple[dict[str, int], Rows]:
    """Which column is where, and the rows below the headings."""
    filled = [(place, cells) for place, (_number, cells) in enumerate(rows) if any(c.strip() for c in cells)]
    for place, cells in filled[:_HEADER_WITHIN]:
        several = sum(bool(cell.strip()) for cell in cells) > 1
        if is_header(cells) and (several or place == filled[0][0]):
            return _named(found, cells), rows[place + 1 :]
    widest = max((len(cells) for _place, cells in filled), default=0)
    if widest < 2:
        return {"text": 0}, rows
    lengths = [sum(len(cells[at]) for _p, cells in filled if at < len(cells)) for at in range(widest)]
    text = lengths.index(max(lengths))
    if sum(length > 0 for length in lengths) > 1:
        found.said.append(
            _(
                "No headings were recognised, so column %(number)s, which holds most text, was read and the "
                "others were not. Give the columns headings such as «Text», «Område» and «Bord» to have "
                "them all.",
                number=text + 1,
            )
        )
    return {"text": text}, rows


def _named(found: Found, cells: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    left = []
    for place, cell in enumerate(cells):
        column = column_of(cell)
        if column and column not in columns:
            columns[column] = place
        elif cell.strip():
            left.append(_cleaned(cell)[:40])
    if left:
        found.said.append(_("Columns that were not read: %(names)s.", names=", ".join(left[:20])))
    return columns


def _add(found: Found, draft: Draft) -> None:
    """Take the note in, without what no person types."""
    draft.text, draft.cleaned = _typed(draft.text)
    for column in COLUMNS[1:]:
        # What is longer than a name is no name: cut, it will be pointed out as unknown.
        setattr(draft, column, _typed(getattr(draft, column))[0].replace("\n", " ")[:120])
    if draft.text:
        found.drafts.append(draft)
    else:
        found.empty += 1


def _typed(text: str) -> tuple[str, bool]:
    text = text.replace("\v", "\n").replace("\f", "\n")
    if not has_forbidden_character(text, multiline=True):
        return _cleaned(text), False
    return _cleaned(without_forbidden_characters(text)), True
