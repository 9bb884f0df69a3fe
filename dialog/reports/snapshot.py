"""The snapshot of a report: its facts as plain frozen values, without references to the database.

Pages and files are drawn from a ``Snapshot`` and nothing else, so a published version can never change. Its
JSON is canonical (sorted keys, no white space, UTF-8): the same facts give the same bytes and checksum.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ..work.cooperative import cooperatively
from .counts import counts_as_json
from .facts import AreaFacts, CardFacts, DialogueFacts, LeftOut, MeetingFacts

#: Raised when the form of the snapshot changes; older ones are still read. Schema 1 had further areas of a
#: card, and a number of merged cards.
SCHEMA = 2


class SnapshotError(ValueError):
    """Raised for JSON that is not a snapshot, or whose counts do not agree with its cards."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that a version of a report says."""

    organisation: str
    dialogue: DialogueFacts
    #: 1, 2, 3 … within the dialogue; 0 for the live page, which is not a version.
    number: int
    #: The time when the facts were read; UTC, ISO 8601.
    created_at: str
    meetings: tuple[MeetingFacts, ...] = ()
    areas: tuple[AreaFacts, ...] = ()
    left_out: LeftOut = field(default_factory=LeftOut)
    #: The code and label of every kind of card that is used, in order.
    kinds: tuple[tuple[str, str], ...] = ()
    #: Sentences that the reader needs before reading the numbers.
    limitations: tuple[str, ...] = ()
    language: str = "sv"
    #: Times are stored in UTC and shown in this zone.
    timezone: str = "Europe/Stockholm"
    schema: int = SCHEMA
    #: The checksum of the text that this was read from; empty for new facts. It is no fact itself and is not
    #: in the JSON.
    stored_sha256: str = field(default="", compare=False)

    @property
    def cards(self) -> list[CardFacts]:
        """All cards, area by area."""
        return [card for area in self.areas for card in area.cards]

    def to_json(self) -> str:
        """Return canonical JSON. It holds the counts for other readers; ``from_json`` checks them."""
        areas = [
            {**asdict(replace(area, cards=())), "cards": [asdict(card) for card in cooperatively(area.cards)]}
            for area in self.areas
        ]
        data = {**asdict(replace(self, areas=())), "areas": areas, "counts": counts_as_json(self.areas)}
        del data["stored_sha256"]
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """Return the snapshot in *text*; raise ``SnapshotError`` when it is none or its counts are wrong."""
        try:
            data = json.loads(text)
            counts = data.pop("counts")
            _drop_former_keys(data)
            snapshot: Snapshot = _read(cls, data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SnapshotError(f"not a snapshot: {type(error).__name__}") from error
        if json.loads(json.dumps(counts_as_json(snapshot.areas))) != counts:
            raise SnapshotError("the counts do not agree with the cards")
        return replace(snapshot, stored_sha256=checksum(text))

    @property
    def sha256(self) -> str:
        """The checksum that stands in the report.

        A stored version keeps its own: its text may be of an older form than the JSON that is written today.
        """
        return self.stored_sha256 or checksum(self.to_json())


def checksum(text: str) -> str:
    """Return the SHA-256 of *text* in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _drop_former_keys(data: dict[str, Any]) -> None:
    """Remove the keys that only schema 1 had; nothing ever wrote a value into them."""
    data.get("left_out", {}).pop("merged", None)
    for area in data.get("areas", ()):
        for card in cooperatively(area.get("cards", ())):
            card.pop("also", None)


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(kind: Any, value: Any) -> Any:
    """Return *value* from JSON as the type *kind*; raise ``TypeError`` when it is something else."""
    if is_dataclass(kind) and isinstance(kind, type):
        known = {item.name for item in fields(kind) if item.compare}
        if not isinstance(value, dict) or not value.keys() <= known:
            raise TypeError(kind.__name__)
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], part) for name, part in value.items()})
    if isinstance(kind, UnionType):
        if value is None and NoneType in get_args(kind):
            return None
        return _read(next(part for part in get_args(kind) if part is not NoneType), value)
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if not isinstance(value, list):
            raise TypeError("tuple")
        if parts[-1] is Ellipsis:
            return tuple(_read(parts[0], part) for part in cooperatively(value))
        return tuple(_read(part, item) for part, item in zip(parts, value, strict=True))
    if type(value) is not kind:
        raise TypeError(kind)
    return value
