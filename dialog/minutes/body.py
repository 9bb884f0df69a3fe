"""The text that people write in minutes, as frozen values that are stored as JSON.

It is compared and merged part by part. A part is a point of the agenda, a row of what was agreed, an open
question, the summary or the next steps. Points and rows have ids of their own, so that merging can tell a
moved part from one that another writer has added.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

#: The largest number of points, and of rows of each kind.
MAX_PARTS = 60
#: The largest body as JSON, in characters. It is some sixty pages.
MAX_JSON_LENGTH = 200_000


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda: a heading, and what was said. *stage* is the stage whose cards are counted."""

    id: str
    heading: str = ""
    text: str = ""
    stage: int | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.heading or self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of what was agreed, or an open question.

    *who* sees to it, and *when* is the day it is to be done (YYYY-MM-DD, or empty).
    """

    id: str
    what: str = ""
    who: str = ""
    when: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.what or self.who or self.when)


@dataclass(frozen=True, slots=True)
class Body:
    """The whole text that people have written. Computed values stand in ``facts.Facts``."""

    summary: str = ""
    points: tuple[Point, ...] = ()
    agreed: tuple[Row, ...] = ()
    questions: tuple[Row, ...] = ()
    next_steps: str = ""

    def to_json(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Body:
        return cls(
            summary=stored.get("summary", ""),
            points=tuple(Point(**each) for each in stored.get("points", ())),
            agreed=tuple(Row(**each) for each in stored.get("agreed", ())),
            questions=tuple(Row(**each) for each in stored.get("questions", ())),
            next_steps=stored.get("next_steps", ""),
        )


#: The names of a body's lists, and of its single texts.
LISTS = ("points", "agreed", "questions")
TEXTS = ("summary", "next_steps")


def new_id() -> str:
    """Return an id for a new point or row, unlike any other in its minutes."""
    return secrets.token_hex(4)


def fingerprint(part: Any) -> str:
    """Return a short fingerprint of *part*, the same for the same content."""
    plain = part if isinstance(part, str | list) else asdict(part)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]


def fingerprints(body: Body) -> dict[str, str]:
    """Return the fingerprint of every part by its id, and of the order of every list by the list's name.

    A page sends them back when it is saved, so that merging knows what the writer saw.
    """
    found = {name: fingerprint(getattr(body, name)) for name in TEXTS}
    for name in LISTS:
        parts = getattr(body, name)
        found[name] = fingerprint([part.id for part in parts])
        found.update((part.id, fingerprint(part)) for part in parts)
    return found
