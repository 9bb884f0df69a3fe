"""The head of minutes: facts about the meeting that are computed and never typed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a meeting, frozen when a version is sent. Times are UTC in ISO 8601."""

    organisation: str
    dialogue: str
    meeting: str
    form: str = "in_person"
    place: str = ""
    starts_at: str | None = None
    ends_at: str | None = None
    method: str = ""
    case_number: str = ""
    #: Names of the staff who led the meeting and began the draft; never of participants.
    led_by: tuple[str, ...] = ()
    written_by: str = ""
    #: The number of people who took part. None is shown as «uppgift saknas», never as a guess.
    attendance: int | None = None
    attendance_basis: str = "unknown"
    devices: int = 0
    completeness: str = ""
    #: The number of cards by focus area and channel; the name «» stands for no area.
    areas: tuple[tuple[str, dict[str, int]], ...] = ()
    #: The number of hidden cards, which the other figures leave out.
    hidden: int = 0
    #: The number of cards by the stage in which they were written.
    stages: tuple[tuple[int, int], ...] = ()
    example: bool = False
    language: str = "sv"
    timezone: str = "Europe/Stockholm"

    @property
    def total(self) -> int:
        return sum(sum(channels.values()) for _name, channels in self.areas)

    def to_json(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Facts:
        values = dict(stored)
        values["led_by"] = tuple(values["led_by"])
        values["areas"] = tuple((name, dict(channels)) for name, channels in values["areas"])
        values["stages"] = tuple((stage, number) for stage, number in values["stages"])
        return cls(**values)
