"""The words of a meeting: its areas, kinds and tables, and what they may be called in a file."""

from __future__ import annotations

from ..dialogues.labels import label_of
from ..meetings.models import Meeting
from .column_names import normalise

#: Words in a cell that mean «none».
_NONE = {"", "inget område", "ingen", "inget", "no area", "none", "ingen typ"}
_TABLE_WORDS = ("bord ", "bordet ", "grupp ", "table ", "group ")


class MeetingVocabulary:
    """The areas, kinds and tables of a meeting, and the names by which a file may call them."""

    def __init__(self, meeting: Meeting) -> None:
        self.areas = [(str(area.id), area.name) for area in meeting.areas]
        self.kinds = [(kind.code, label_of(kind)) for kind in meeting.kinds]
        self.tables = {str(table.number): table.id for table in meeting.tables}
        self._areas = {normalise(alias): str(area.id) for area in meeting.areas for alias in area.aliases}
        self._areas |= {normalise(name): number for number, name in self.areas}
        self._kinds = {
            normalise(word): kind.code
            for kind in meeting.kinds
            for word in (kind.code, kind.label_sv, kind.label_en)
        }
        self._tables = {normalise(table.name): str(table.number) for table in meeting.tables if table.name}

    def find_area(self, said: str) -> str | None:
        """Return the id of the area that *said* names, «» for no area, None for an unknown name."""
        word = normalise(said)
        for start in ("fokusområde ", "område ", "focus area "):
            word = word.removeprefix(start) if word not in self._areas and word not in _NONE else word
        return "" if word in _NONE else self._areas.get(word)

    def find_kind(self, said: str) -> str | None:
        """Return the code of the kind that *said* names, «» for no kind, None for an unknown name."""
        word = normalise(said)
        return "" if word in _NONE else self._kinds.get(word)

    def find_table(self, said: str) -> str:
        """Return the number of the table that *said* names, as text; *said* itself if there is none."""
        word = normalise(said)
        if word in self._tables:
            return self._tables[word]
        for start in _TABLE_WORDS:
            word = word.removeprefix(start)
        return str(int(word)) if word.isascii() and word.isdecimal() and len(word) < 6 else said
