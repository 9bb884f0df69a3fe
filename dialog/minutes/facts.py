"""The heading of minutes: what is known of the meeting, computed and never typed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """Frozen with the version when it is sent. Times are UTC, ISO 8601."""

    organisation: str
    dialogue: str
    meeting: str
    form: str = "in_person"
    place: str = ""
    starts_at: str | None = None
    ends_at: str | None = None
    method: str = ""
    case_number: str = ""
    #: Who led the meeting and who wrote the first draft: people of the staff, never participants.
    led_by: tuple[str, ...] = ()
    written_by: str = ""
    #: How many took part; None is «uppgift saknas», never a guess.
    attendance: int | None = None
    attendance_basis: str = "unknown"
    devices: int = 0
    completeness: str = ""
    #: Focus area («» is none) to number of cards by channel.
    areas: tuple[tuple[str, dict[str, int]], ...] = ()
    #: Cards that are not in the figures, for they were hidden with a reason.
    hidden: int = 0
    #: Stage to the number of cards that were written in it.
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
