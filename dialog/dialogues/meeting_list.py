"""The meetings of a dialogue, as this layer sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from ..ports import Port


class MeetingSummary(Protocol):
    """The attributes of a meeting that pages and the life cycle of a dialogue use."""

    id: Any
    title: Any
    state: Any
    starts_at: Any


#: Returns the meetings of a dialogue, in order of time; meetings are a domain above this one.
meetings_of: Port[[int], Sequence[MeetingSummary]] = Port("dialogues.meeting_list.meetings_of")


def next_start(meetings: Sequence[MeetingSummary], now: datetime) -> datetime | None:
    """Return when the next planned meeting begins; None when there is none."""
    coming: list[datetime] = [
        meeting.starts_at for meeting in meetings if meeting.starts_at is not None and meeting.starts_at > now
    ]
    return min(coming, default=None)
