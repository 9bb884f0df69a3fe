"""The meetings of a dialogue, as far as this domain needs them.

Meetings are a domain above this one; which function finds them is handed in when the application is put
together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol


class MeetingSummary(Protocol):
    """What a dialogue shows and asks of a meeting."""

    id: Any
    title: Any
    state: Any
    starts_at: Any


Find = Callable[[int], Sequence[Any]]

_find: Find | None = None


def found_by(find: Find) -> None:
    """Let *find* give the meetings of the dialogue with a number, in order of time."""
    global _find
    _find = find


def meetings_of(dialogue_id: int) -> Sequence[MeetingSummary]:
    """The meetings of a dialogue, in order of time."""
    return _find(dialogue_id) if _find is not None else ()


def next_start(meetings: Sequence[MeetingSummary], now: datetime) -> datetime | None:
    """When the next meeting begins, if one is planned."""
    coming: list[datetime] = [
        meeting.starts_at for meeting in meetings if meeting.starts_at is not None and meeting.starts_at > now
    ]
    return min(coming, default=None)
