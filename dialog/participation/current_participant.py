"""Identify the participant of a page request by the cookie of the meeting."""

from __future__ import annotations

from ..errors import NotFound, Unauthorized
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.cookies import participant_from_cookie


def current_participant(meeting_id: int) -> Actor:
    """Return the participant whose cookie the browser sent; raises ``Unauthorized`` when there is none."""
    participant = participant_from_cookie(meeting_id)
    if participant is None:
        raise Unauthorized
    return Actor(queries.meeting_by_id(meeting_id), participant=participant)


def current_visitor(meeting_id: int) -> Actor:
    """Return the participant, or an actor who has not joined where the meeting has a public address.

    Raises ``NotFound`` otherwise: a meeting that needs a code is not there for somebody without it.
    """
    participant = participant_from_cookie(meeting_id)
    if participant is not None:
        return Actor(queries.meeting_by_id(meeting_id), participant=participant)
    meeting = queries.online_meeting(meeting_id)
    if meeting is None:
        raise NotFound
    return Actor(meeting)
