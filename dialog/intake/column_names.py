"""What columns are called, in Swedish and English, and how words are compared."""

from __future__ import annotations

import re

from ..cards.models import TEXT_MAX
from ..text import MAX_SHRINKAGE, normalised

#: Column: what it may be headed, compared without regard to case and marks.
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


def key(text: str) -> str:
    """*text* as it is compared: letters and digits, small, one space between words."""
    if len(text) > MAX_SHRINKAGE * TEXT_MAX:
        return text  # longer than any name and any card: it stands for nothing but itself
    folded = normalised("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


_BY_KEY = {key(heading): column for column, said in _HEADINGS.items() for heading in said.split(",")}


def column_of(heading: str) -> str | None:
    """Which column a heading stands for; None when it is none of ours."""
    return _BY_KEY.get(key(heading)) if len(heading) < 60 else None


def is_header(cells: list[str]) -> bool:
    """Is this a row of headings? One of them must say where the text is."""
    return "text" in {column_of(cell) for cell in cells if cell.strip()}
