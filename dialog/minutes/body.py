"""What somebody writes in minutes: plain frozen values, stored as JSON, compared and merged part by part.

A part is a point of the agenda, a row of what was agreed, an open question, the summary or the next steps.
Points and rows have ids of their own, so that two who write at once are told apart from one who moves things.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

#: Most points, and most rows of each kind.
MAX_PARTS = 60
#: Largest body as JSON, in characters: some sixty pages.
MAX_JSON_LENGTH = 200_000


@dataclass(frozen=True, slots=True)
class Point:
    """What was said under one heading. *stage*: what stage it is about, for its number of cards."""

    id: str
    heading: str = ""
    text: str = ""
    stage: int | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.heading or self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """Something agreed, or an open question: with who sees to it, and until when (YYYY-MM-DD or empty)."""

    id: str
    what: str = ""
    who: str = ""
    when: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.what or self.who or self.when)


@dataclass(frozen=True, slots=True)
class Body:
    """All that is written; what is computed stands in ``facts.Facts``."""

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


#: The lists of a body, and its single texts.
LISTS = ("points", "agreed", "questions")
TEXTS = ("summary", "next_steps")


def new_id() -> str:
    """A name for a point or a row, unlike any other in its minutes."""
    return secrets.token_hex(4)


def fingerprint(part: Any) -> str:
    """A short fingerprint of a part: the same for the same content."""
    plain = part if isinstance(part, str | list) else asdict(part)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]


def fingerprints(body: Body) -> dict[str, str]:
    """Part to fingerprint, and of each list the order it is in: what a page shows to whoever writes on it."""
    found = {name: fingerprint(getattr(body, name)) for name in TEXTS}
    for name in LISTS:
        parts = getattr(body, name)
        found[name] = fingerprint([part.id for part in parts])
        found.update((part.id, fingerprint(part)) for part in parts)
    return found
