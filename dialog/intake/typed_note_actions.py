"""Save typed notes without a preview: good ones at once, while faulty ones stay in the box."""

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
from .parsing import NoteLine


@dataclass
class SaveResult:
    """The outcome of saving notes: how many were saved, and the faulty lines with their reasons."""

    saved: int = 0
    repeated: int = 0
    faulty: list[tuple[NoteLine, str]] = field(default_factory=list)


def save_lines(
    user: User,
    meeting: Meeting,
    form_uuid: str,
    lines: list[NoteLine],
    *,
    channel: str,
    in_round: int | None = None,
    **common: Any,
) -> SaveResult:
    """Save *lines* as cards in one commit; a faulty line does not keep the others from being saved.

    A form that is sent twice gives the same cards: the UUID of a note is made of the form's UUID, the text,
    and its place among notes with the same text.
    """
    result = SaveResult()
    seen: Counter[str] = Counter()
    good: list[NoteLine] = []
    cards: list[NewCard] = []
    for line in lines:
        seen[line.text] += 1
        uuid = uuid5(UUID(form_uuid), f"{seen[line.text]} {line.text.encode('utf-8', 'replace').decode()}")
        try:
            values = AddCard.read_json({"uuid": str(uuid), "text": line.text, **common}).values
        except Invalid as error:
            result.faulty.append((line, " ".join(str(fault) for fault in error.fields.values())))
            continue
        good.append(line)
        cards.append(
            NewCard(meeting_id=meeting.id, user_id=user.id, channel=channel, round=in_round, **values)
        )
    outcomes = actions.create_intake(user, meeting, form_uuid, cards, whole=False)[1] if cards else []
    for line, outcome in zip(good, outcomes, strict=True):
        if isinstance(outcome, DialogError):
            result.faulty.append((line, actions.refusal_text(outcome)))
        elif outcome.repeat:
            result.repeated += 1
        else:
            result.saved += 1
    result.faulty.sort(key=lambda fault: fault[0].number)
    return result
