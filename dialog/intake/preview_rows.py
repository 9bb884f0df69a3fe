"""The rows of the preview: each note with its fields matched to the meeting, all of which can be changed.

The server keeps none of it: the page carries all fields, so a fault, a restart or another worker loses no
note. Fields that come back are validated as if they had never been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from ..cards.models import TEXT_MAX
from ..forms import new_uuid, parse_uuid
from ..text import (
    clean_text,
    has_forbidden_character,
    has_too_many_marks,
    too_many_marks,
    without_forbidden_characters,
)
from .column_names import normalise
from .parsing import NoteDraft
from .vocabulary import MeetingVocabulary

#: Max notes in one form.
MAX_NOTES = 500
#: Prefix of a word in the file that the meeting does not know; the page sends it back until somebody chooses.
UNKNOWN = "?"
MAX_STANDS_FOR = 100
MAX_ROUNDS = 99
#: The channels by which notes from elsewhere may have come.
CHANNELS = ("paper", "interview")


@dataclass
class PreviewRow:
    """One note in the preview, with every field as text; ``faults`` says for each field what to do."""

    place: str
    uuid: str
    text: str
    area: str = ""
    kind: str = ""
    table: str = ""
    stands_for: str = "1"
    round: str = ""
    keep: bool = True
    #: Remarks that need no change: characters were removed, or another note says the same.
    notes: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    is_duplicate: bool = False

    def unknown(self, column: str) -> str:
        """Return the word in *column* that the meeting does not know, or an empty text."""
        value: str = getattr(self, column)
        return value[len(UNKNOWN) :] if value.startswith(UNKNOWN) else ""


def build_rows(
    vocabulary: MeetingVocabulary, drafts: Iterable[NoteDraft], common: Mapping[str, str]
) -> list[PreviewRow]:
    """Return the rows of a first preview; *common* has the values for every note that says nothing else."""
    rows = []
    for draft in drafts:
        row = PreviewRow(
            place=draft.place,
            uuid=new_uuid(),
            text=draft.text,
            area=_or_unknown(vocabulary.find_area(draft.area), draft.area) if draft.area else common["area"],
            kind=_or_unknown(vocabulary.find_kind(draft.kind), draft.kind) if draft.kind else common["kind"],
            table=vocabulary.find_table(draft.table or common["table"]),
            stands_for=_plain_number(draft.stands_for) or common["stands_for"],
            round=_plain_number(draft.round) or common["round"],
        )
        if draft.cleaned:
            row.notes.append(_("Characters that cannot be saved were removed."))
        rows.append(row)
    return rows


def _or_unknown(found: str | None, said: str) -> str:
    return UNKNOWN + said if found is None else found


def _plain_number(said: str) -> str:
    """Return the number in *said*: «4 st» and «4,0» mean 4. Anything else stays, and gets a fault later."""
    first = said.split()[0] if said.split() else ""
    for ending in (",0", ".0"):
        first = first.removesuffix(ending)
    return first if first.isascii() and first.isdecimal() else said


def read_rows(form: Mapping[str, str]) -> list[PreviewRow]:
    """Return the rows that a preview sent back. Missing fields are empty; odd ones are validated later."""
    count = form.get("rows", "")
    number = min(int(count), MAX_NOTES) if count.isascii() and count.isdecimal() and len(count) < 6 else 0
    chosen = _choices_for_words(form)
    rows = []
    for at in range(number):
        row = PreviewRow(
            place=form.get(f"place-{at}", "")[:80],
            uuid=parse_uuid(form.get(f"uuid-{at}")) or new_uuid(),
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


def _choices_for_words(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the choices that the form made once for all rows: column → unknown word → value."""
    chosen: dict[str, dict[str, str]] = {"area": {}, "kind": {}}
    for column, found in chosen.items():
        for at in range(MAX_NOTES):
            said = form.get(f"said-{column}-{at}")
            if said is None:
                break
            meant = form.get(f"means-{column}-{at}", UNKNOWN)
            if not meant.startswith(UNKNOWN):
                found[said] = meant
    return chosen


def validate_rows(vocabulary: MeetingVocabulary, rows: Iterable[PreviewRow]) -> None:
    """Set the faults of every row that is to be saved, all of them at once."""
    areas, kinds = dict(vocabulary.areas), dict(vocabulary.kinds)
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
        row.table = vocabulary.find_table(row.table) if row.table else ""
        if row.table and row.table not in vocabulary.tables:
            row.faults["table"] = _("There is no such table here. Write its number, or leave it empty.")
        if not _is_number_to(row.stands_for, MAX_STANDS_FOR):
            row.faults["stands_for"] = _("Write a whole number from 1 to %(most)s.", most=MAX_STANDS_FOR)
        if row.round and not _is_number_to(row.round, MAX_ROUNDS):
            row.faults["round"] = _(
                "Write a whole number from 1 to %(most)s, or leave it empty.", most=MAX_ROUNDS
            )


def _is_number_to(text: str, max_number: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= max_number


def card_values(vocabulary: MeetingVocabulary, row: PreviewRow) -> dict[str, Any]:
    """Return a row without faults as the values of the form for a new card."""
    return {
        "uuid": row.uuid,
        "text": row.text,
        "area": int(row.area) if row.area else None,
        "kind": row.kind or None,
        "table": vocabulary.tables[row.table] if row.table else None,
        "stands_for": int(row.stands_for),
    }


def unknown_words(rows: Iterable[PreviewRow], column: str) -> list[tuple[str, int]]:
    """Return the words in *column* that the meeting does not know, with their number of rows, most first."""
    counted: dict[str, int] = {}
    for row in rows:
        word = row.unknown(column)
        if word:
            counted[word] = counted.get(word, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])


def mark_duplicates(
    rows: Iterable[PreviewRow], on_wall: Mapping[str, bool], uuids: set[str], *, choose: bool
) -> None:
    """Mark notes that say the same as another note, in the file or on the wall.

    Two people may well have written the same thing, so both are kept unless somebody says otherwise. A text
    that came from paper before (*on_wall* is True for it) is most likely from this same file: with *choose*,
    it is left out to begin with. *uuids* are those of the meeting's cards, so that a saved row is no
    duplicate of itself.
    """
    first: dict[str, PreviewRow] = {}
    for row in rows:
        compared = normalise(row.text) or row.text
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
            row.is_duplicate = True
        else:
            first[compared] = row
        if compared in on_wall:
            row.notes.append(_("A card on the wall already says this."))
            row.is_duplicate = True
            if choose and on_wall[compared]:
                row.keep = False
