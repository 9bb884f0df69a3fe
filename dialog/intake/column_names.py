"""The headings of columns in Swedish and English, and the normal form in which words are compared."""

from __future__ import annotations

import re

from ..cards.models import TEXT_MAX
from ..text import MAX_SHRINKAGE, normalised

#: Column to its possible headings, which are compared without regard to case and marks.
_HEADINGS = {
    "text": "text, kort, idékort, idé, ide, idéer, lapp, lappar, anteckning, anteckningar, synpunkt, "
    "synpunkter, förslag, tanke, åsikt, innehåll, kommentar, det som skrevs, "
    "card, idea, note, comment, what was written",
    "area": "område, fokusområde, fokus område, ämne, tema, area, focus area, topic, theme",
    "kind": "typ, slag, sort, korttyp, typ av kort, kategori, kind, type, kind of card, category",
    "table": "bord, bordsnummer, bord nr, bordnr, grupp, table, table number, group",
    "stands_for": "antal, står bakom, antal som står bakom, hur många, hur många står bakom, personer, "
    "antal personer, count, number, how many, stands for, stand behind it",
    "round": "runda, omgång, rond, round",
}
COLUMNS = tuple(_HEADINGS)


def normalise(text: str) -> str:
    """Return *text* in the form that is compared: lower-case letters and digits, one space between words."""
    if len(text) > MAX_SHRINKAGE * TEXT_MAX:
        return text  # longer than any name and any card, so it is equal to no other
    folded = normalised("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


_COLUMN_BY_HEADING = {
    normalise(heading): column for column, said in _HEADINGS.items() for heading in said.split(",")
}


def column_for_heading(heading: str) -> str | None:
    """Return the column that a heading stands for; None for an unknown heading."""
    return _COLUMN_BY_HEADING.get(normalise(heading)) if len(heading) < 60 else None


def is_header_row(cells: list[str]) -> bool:
    """Return whether this is a row of headings: one of its cells must head the column of the text."""
    return "text" in {column_for_heading(cell) for cell in cells if cell.strip()}
