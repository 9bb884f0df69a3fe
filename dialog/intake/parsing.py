"""Find the notes in pasted text or in a file: columns by their headings, paragraphs, bullets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from ..cards.models import TEXT_MAX
from ..text import clean_text, has_forbidden_character, without_forbidden_characters
from .column_names import COLUMNS, column_for_heading, is_header_row
from .files import Block, Contents, Rows

#: The mark before a line of a pasted list.
_BULLET = re.compile(r"^[•◦▪‣●○*\-–—·]\s+")
#: Rows from the top of a table in which its headings may stand, below a title of the sheet.
_HEADER_WITHIN = 10


@dataclass
class NoteDraft:
    """A note as it was found, with every column as it was written."""

    place: str
    text: str
    area: str = ""
    kind: str = ""
    table: str = ""
    stands_for: str = ""
    round: str = ""
    #: True if characters that cannot be saved were removed from the text.
    cleaned: bool = False


@dataclass
class ParsedNotes:
    """The notes that were found, the number of empty rows, and messages about what was not read."""

    drafts: list[NoteDraft] = field(default_factory=list)
    empty: int = 0
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class NoteLine:
    """A note in the box, with the number of its line."""

    number: int
    text: str


def split_lines(text: str) -> list[NoteLine]:
    """Return the notes in *text*, without empty lines and without the mark of a list before a line."""
    found = []
    # Only real line breaks separate notes: splitlines() would also cut at characters that Word uses in one.
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = strip_bullet(_clean(raw))
        if line:
            found.append(NoteLine(number, line))
    return found


def count_lines(text: str) -> int:
    """Return how many notes are in *text*, without cleaning any of them: there may be a million."""
    return sum(1 for _line in filter(str.strip, text.replace("\r", "\n").split("\n")))


def strip_bullet(text: str) -> str:
    """Return *text* without the mark of a list before it."""
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def _clean(text: str) -> str:
    return clean_text(text, max_length=TEXT_MAX)


def parse_text(text: str) -> ParsedNotes:
    """Return each line of the box as a note."""
    notes = ParsedNotes()
    for line in split_lines(text):
        _add(notes, NoteDraft(_("Line %(number)s", number=line.number), line.text))
    return notes


def parse_file(contents: Contents, is_area: Callable[[str], bool]) -> ParsedNotes:
    """Return the notes in a file. *is_area* tells whether a heading names a focus area of the dialogue."""
    notes = ParsedNotes()
    area = ""
    tables = sum(block.rows is not None for block in contents.blocks)
    table = 0
    for block in contents.blocks:
        if block.rows is not None:
            table += 1
            number = table if tables > 1 or len(contents.blocks) > 1 else 0
            _parse_table(notes, block.rows, number, area)
        elif block.heading is not None or is_area(block.paragraph or ""):
            area = _area_of_heading(notes, block, is_area)
        else:
            text = strip_bullet(_clean(block.paragraph or ""))
            if text:
                _add(notes, NoteDraft(_("Paragraph %(number)s", number=block.number), text, area=area))
            else:
                notes.empty += 1
    if contents.unread:
        notes.messages.append(
            _("Only the first sheet was read. Not read: %(names)s.", names=", ".join(contents.unread[:10]))
        )
    return notes


def _area_of_heading(notes: ParsedNotes, block: Block, is_area: Callable[[str], bool]) -> str:
    """Return the area that a heading names for the notes below it; empty if it names none."""
    heading = _clean(block.heading or block.paragraph or "")
    if is_area(heading):
        return heading
    if heading:
        notes.messages.append(
            _("The heading «%(heading)s» names no focus area, and is no note.", heading=heading[:80])
        )
    return ""


def _parse_table(notes: ParsedNotes, rows: Rows, table: int, area: str) -> None:
    columns, body = _locate_columns(notes, rows)
    for number, cells in body:
        if not any(cell.strip() for cell in cells):
            notes.empty += 1
            continue
        given = {column: _clean(cells[place]) for column, place in columns.items() if place < len(cells)}
        place = (
            _("Table %(table)s, row %(row)s", table=table, row=number)
            if table
            else _("Row %(number)s", number=number)
        )
        given["text"] = strip_bullet(given.get("text", ""))
        given["area"] = given.get("area") or area
        _add(notes, _make_draft(place, given))


def _make_draft(place: str, given: dict[str, str]) -> NoteDraft:
    draft = NoteDraft(place, given.pop("text"))
    for column, said in given.items():
        setattr(draft, column, said)
    return draft


def _locate_columns(notes: ParsedNotes, rows: Rows) -> tuple[dict[str, int], Rows]:
    """Return the position of each column, and the rows below the headings."""
    filled = [(place, cells) for place, (_number, cells) in enumerate(rows) if any(c.strip() for c in cells)]
    for place, cells in filled[:_HEADER_WITHIN]:
        several = sum(bool(cell.strip()) for cell in cells) > 1
        if is_header_row(cells) and (several or place == filled[0][0]):
            return _read_header(notes, cells), rows[place + 1 :]
    widest = max((len(cells) for _place, cells in filled), default=0)
    if widest < 2:
        return {"text": 0}, rows
    lengths = [sum(len(cells[at]) for _p, cells in filled if at < len(cells)) for at in range(widest)]
    text = lengths.index(max(lengths))
    if sum(length > 0 for length in lengths) > 1:
        notes.messages.append(
            _(
                "No headings were recognised, so column %(number)s, which holds most text, was read and the "
                "others were not. Give the columns headings such as «Text», «Område» and «Bord» to have "
                "them all.",
                number=text + 1,
            )
        )
    return {"text": text}, rows


def _read_header(notes: ParsedNotes, cells: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(cells):
        column = column_for_heading(cell)
        if column and column not in columns:
            columns[column] = place
        elif cell.strip():
            unread.append(_clean(cell)[:40])
    if unread:
        notes.messages.append(_("Columns that were not read: %(names)s.", names=", ".join(unread[:20])))
    return columns


def _add(notes: ParsedNotes, draft: NoteDraft) -> None:
    """Add the note, without characters that no person types."""
    draft.text, draft.cleaned = _typable(draft.text)
    for column in COLUMNS[1:]:
        # A value longer than any name is cut, and will be marked as unknown.
        setattr(draft, column, _typable(getattr(draft, column))[0].replace("\n", " ")[:120])
    if draft.text:
        notes.drafts.append(draft)
    else:
        notes.empty += 1


def _typable(text: str) -> tuple[str, bool]:
    text = text.replace("\v", "\n").replace("\f", "\n")
    if not has_forbidden_character(text, multiline=True):
        return _clean(text), False
    return _clean(without_forbidden_characters(text)), True
