"""Typed notes saved without a look through: good ones at once, faulty ones stay in the box."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from ..cards.create_actions import NewCard
from ..cards.forms import AddCard
from ..errors import DialogError, Invalid
from ..meetings.models import Meeting
from ..people.models import User
from . import actions
from .parsing import Line


@dataclass
class Taken:
    """What became of the notes."""

    saved: int = 0
    repeated: int = 0
    faulty: list[tuple[Line, str]] = field(default_factory=list)


def take_in_lines(
    user: User,
    meeting: Meeting,
    form_uuid: str,
    lines: list[Line],
    *,
    channel: str,
    in_round: int | None = None,
    **common: Any,
) -> Taken:
    """Save *lines* as cards, in one commit; a faulty one never holds up the others.

    The same form sent twice gives the same cards: a note's UUID comes from the form's, its text, and
    which one of equal notes it is.
    """
    taken = Taken()
    seen: Counter[str] = Counter()
    good: list[Line] = []
    cards: list[NewCard] = []
    for line in lines:
        seen[line.text] += 1
        uuid = uuid5(UUID(form_uuid), f"{seen[line.text]} {line.text.encode('utf-8', 'replace').decode()}")
        try:
            values = AddCard.read_json({"uuid": str(uuid), "text": line.text, **common}).values
        except Invalid as error:
            taken.faulty.append((line, " ".join(str(fault) for fault in error.fields.values())))
            continue
        good.append(line)
        cards.append(
            NewCard(meeting_id=meeting.id, user_id=user.id, channel=channel, round=in_round, **values)
        )
    outcomes = actions.take_in(user, meeting, form_uuid, cards, whole=False)[1] if cards else []
    for line, outcome in zip(good, outcomes, strict=True):
        if isinstance(outcome, DialogError):
            taken.faulty.append((line, actions.why(outcome)))
        elif outcome.repeat:
            taken.repeated += 1
        else:
            taken.saved += 1
    taken.faulty.sort(key=lambda fault: fault[0].number)
    return taken
