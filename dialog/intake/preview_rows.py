"""The rows of the preview: what is in each field, matched to the meeting; everything in it can be changed.

Nothing of it is kept on the server: the page carries all fields, so nothing is lost by a fault, a restart or
another worker. What comes back is judged as if it had never been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..cards.models import TEXT_MAX
from ..dialogues.labels import named
from ..forms import new_uuid
from ..meetings.models import Meeting
from ..text import (
    clean_text,
    has_forbidden_character,
    has_too_many_marks,
    too_many_marks,
    without_forbidden_characters,
)
from .column_names import key
from .parsing import Draft

#: Most notes in one go.
MOST = 500
#: Before what a file says that the meeting does not know; the page sends it back until somebody chooses.
UNKNOWN = "?"
MOST_BEHIND = 100
MOST_ROUNDS = 99
#: The channels that notes from elsewhere may have come by.
CHANNELS = ("paper", "interview")
#: What may stand in a cell that means «none».
_NONE = {"", "inget område", "ingen", "inget", "no area", "none", "ingen typ"}
_TABLE_WORDS = ("bord ", "bordet ", "grupp ", "table ", "group ")


@dataclass
class Row:
    """One note in the preview, every field as text; ``faults`` says per field what to do about it."""

    place: str
    uuid: str
    text: str
    area: str = ""
    kind: str = ""
    table: str = ""
    stands_for: str = "1"
    round: str = ""
    keep: bool = True
    #: Something to know, nothing to mend: that characters were removed, that the same is there already.
    notes: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    same: bool = False

    def unknown(self, column: str) -> str:
        """What the file says in *column* that the meeting does not know, or nothing."""
        value: str = getattr(self, column)
        return value[len(UNKNOWN) :] if value.startswith(UNKNOWN) else ""


class Terms:
    """What the meeting has to choose among, and what it may be called in a file."""

    def __init__(self, meeting: Meeting) -> None:
        self.areas = [(str(area.id), area.name) for area in meeting.areas]
        self.kinds = [(kind.code, named(kind)) for kind in meeting.kinds]
        self.tables = {str(table.number): table.id for table in meeting.tables}
        self._areas = {key(alias): str(area.id) for area in meeting.areas for alias in area.aliases}
        self._areas |= {key(name): number for number, name in self.areas}
        self._kinds = {
            key(word): kind.code
            for kind in meeting.kinds
            for word in (kind.code, kind.label_sv, kind.label_en)
        }
        self._tables = {key(table.name): str(table.number) for table in meeting.tables if table.name}

    def area(self, said: str) -> str | None:
        """The id of the area that *said* names, «» for none, None when it names none of ours."""
        word = key(said)
        for start in ("fokusområde ", "område ", "focus area "):
            word = word.removeprefix(start) if word not in self._areas and word not in _NONE else word
        return "" if word in _NONE else self._areas.get(word)

    def kind(self, said: str) -> str | None:
        word = key(said)
        return "" if word in _NONE else self._kinds.get(word)

    def table(self, said: str) -> str:
        """The number of the table that *said* means, as text; *said* itself when there is no such table."""
        word = key(said)
        if word in self._tables:
            return self._tables[word]
        for start in _TABLE_WORDS:
            word = word.removeprefix(start)
        return str(int(word)) if word.isascii() and word.isdecimal() and len(word) < 6 else said


def built(terms: Terms, drafts: Iterable[Draft], common: Mapping[str, str]) -> list[Row]:
    """The rows of a first preview; *common* is what holds for every note that says nothing else."""
    rows = []
    for draft in drafts:
        row = Row(
            place=draft.place,
            uuid=new_uuid(),
            text=draft.text,
            area=_known(terms.area(draft.area), draft.area) if draft.area else common["area"],
            kind=_known(terms.kind(draft.kind), draft.kind) if draft.kind else common["kind"],
            table=terms.table(draft.table or common["table"]),
            stands_for=_bare_number(draft.stands_for) or common["stands_for"],
            round=_bare_number(draft.round) or common["round"],
        )
        if draft.cleaned:
            row.notes.append(_("Characters that cannot be saved were removed."))
        rows.append(row)
    return rows


def _known(found: str | None, said: str) -> str:
    return UNKNOWN + said if found is None else found


def _bare_number(said: str) -> str:
    """«4 st» and «4,0» mean 4; anything else stays and is pointed out."""
    first = said.split()[0] if said.split() else ""
    for ending in (",0", ".0"):
        first = first.removesuffix(ending)
    return first if first.isascii() and first.isdecimal() else said


def sent(form: Mapping[str, str]) -> list[Row]:
    """The rows as a preview sent them back. What is missing is empty, what is odd is judged later."""
    count = form.get("rows", "")
    number = min(int(count), MOST) if count.isascii() and count.isdecimal() and len(count) < 6 else 0
    chosen = _chosen_for_all(form)
    rows = []
    for at in range(number):
        row = Row(
            place=form.get(f"place-{at}", "")[:80],
            uuid=_uuid(form.get(f"uuid-{at}", "")),
            text=clean_text(form.get(f"text-{at}", ""), max_length=TEXT_MAX),
            area=form.get(f"area-{at}", "")[:140],
            kind=form.get(f"kind-{at}", "")[:140],
            table=form.get(f"table-{at}", "").strip()[:120],
            stands_for=form.get(f"stands-{at}", "").strip()[:120],
            round=form.get(f"round-{at}", "").strip()[:120],
            keep=f"keep-{at}" in form,
        )
        row.area = chosen["area"].get(row.unknown("area"), row.area)
        row.kind = chosen["kind"].get(row.unknown("kind"), row.kind)
        rows.append(row)
    return rows


def _chosen_for_all(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was chosen, once for all rows, for words that the meeting does not know."""
    chosen: dict[str, dict[str, str]] = {"area": {}, "kind": {}}
    for column, found in chosen.items():
        for at in range(MOST):
            said = form.get(f"said-{column}-{at}")
            if said is None:
                break
            meant = form.get(f"means-{column}-{at}", UNKNOWN)
            if not meant.startswith(UNKNOWN):
                found[said] = meant
    return chosen


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return new_uuid()


def judge(terms: Terms, rows: Iterable[Row]) -> None:
    """Point out everything that stops a row that is to be saved, all at once."""
    areas, kinds = dict(terms.areas), dict(terms.kinds)
    for row in rows:
        row.faults = {}
        if has_forbidden_character(row.text, multiline=True):
            row.text = clean_text(without_forbidden_characters(row.text), max_length=TEXT_MAX)
            row.notes.append(_("Characters that cannot be saved were removed."))
        if not row.keep:
            continue
        if not row.text:
            row.faults["text"] = _("Write something here, or leave the note out.")
        elif len(row.text) > TEXT_MAX:
            row.faults["text"] = _(
                "This is %(length)s characters; there is room for %(most)s. Shorten it here.",
                length=len(row.text),
                most=TEXT_MAX,
            )
        elif has_too_many_marks(row.text):
            row.faults["text"] = too_many_marks()
        if row.unknown("area"):
            row.faults["area"] = _(
                "«%(name)s» is no area of this dialogue. Choose an area, or «No area».",
                name=row.unknown("area"),
            )
        elif row.area and row.area not in areas:
            row.faults["area"] = _("Choose one of the areas, or «No area».")
        if row.unknown("kind"):
            row.faults["kind"] = _(
                "«%(name)s» is no kind of card in this meeting. Choose one, or «No kind».",
                name=row.unknown("kind"),
            )
        elif row.kind and row.kind not in kinds:
            row.faults["kind"] = _("Choose one of the kinds, or «No kind».")
        row.table = terms.table(row.table) if row.table else ""
        if row.table and row.table not in terms.tables:
            row.faults["table"] = _("There is no such table here. Write its number, or leave it empty.")
        if not _between(row.stands_for, MOST_BEHIND):
            row.faults["stands_for"] = _("Write a whole number from 1 to %(most)s.", most=MOST_BEHIND)
        if row.round and not _between(row.round, MOST_ROUNDS):
            row.faults["round"] = _(
                "Write a whole number from 1 to %(most)s, or leave it empty.", most=MOST_ROUNDS
            )


def _between(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most


def values(terms: Terms, row: Row) -> dict[str, Any]:
    """A row without faults, in the terms of the form for a new card."""
    return {
        "uuid": row.uuid,
        "text": row.text,
        "area": int(row.area) if row.area else None,
        "kind": row.kind or None,
        "table": terms.tables[row.table] if row.table else None,
        "stands_for": int(row.stands_for),
    }


def unknown_words(rows: Iterable[Row], column: str) -> list[tuple[str, int]]:
    """What the file says in *column* that the meeting does not know, and in how many rows."""
    counted: dict[str, int] = {}
    for row in rows:
        word = row.unknown(column)
        if word:
            counted[word] = counted.get(word, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])


def point_out_same(
    rows: Iterable[Row], on_wall: Mapping[str, bool], uuids: set[str], *, choose: bool
) -> None:
    """Point out notes that say the same as another, in the file or on the wall.

    Two people may well have written the same thing, so both are kept unless somebody says otherwise. Only
    what came in from paper before (*on_wall* is True for it) is most likely this very file again: where
    *choose*, it is left out to begin with. *uuids* are the meeting's own: a saved row is no double of itself.
    """
    first: dict[str, Row] = {}
    for row in rows:
        compared = key(row.text) or row.text
        if row.uuid in uuids:
            continue
        if compared in first:
            other = first[compared]
            exactly = other.text == row.text
            row.notes.append(
                _("Says the same as %(place)s.", place=other.place.lower())
                if exactly
                else _("Says nearly the same as %(place)s.", place=other.place.lower())
            )
            row.same = True
        else:
            first[compared] = row
        if compared in on_wall:
            row.notes.append(_("A card on the wall already says this."))
            row.same = True
            if choose and on_wall[compared]:
                row.keep = False
