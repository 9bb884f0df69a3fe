"""Identify who makes an HTTP request about a meeting: by bearer token or by our own cookies."""

from __future__ import annotations

from flask import request

from ..errors import Closed, NotFound, Unauthorized
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.permissions import accepts_late_cards, ended_at, may_lead
from ..people.current_user import signed_in_user_or_none
from ..web.security import bearer_token
from ..web.settings import settings_of
from .cookies import participant_from_cookie
from .queries import participant_by_token


def current_actor(meeting_id: int) -> Actor:
    """Return who sent the request, by bearer token or else by cookie. Another meeting's token finds nothing.

    Raises ``Unauthorized``, ``NotFound``, or ``Closed`` for a participant whose meeting has ended.
    """
    token = bearer_token()
    if token is not None:
        participant = participant_by_token(token)
        if participant is None:
            raise Unauthorized
        if participant.meeting_id != meeting_id:
            raise NotFound
        return _require_not_ended(Actor(queries.meeting_by_id(meeting_id), participant=participant))
    user = signed_in_user_or_none()
    if user is not None and request.args.get("as") != "participant":
        meeting = queries.meeting_by_id(meeting_id)
        if may_lead(user, meeting):
            return Actor(meeting, user=user)
    participant = participant_from_cookie(meeting_id)
    if participant is None:
        raise NotFound if user is not None else Unauthorized
    return _require_not_ended(Actor(queries.meeting_by_id(meeting_id), participant=participant))


def current_participant(meeting_id: int) -> Actor:
    """Return the participant whose cookie the browser sent; raise ``Unauthorized`` when there is none."""
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


def _require_not_ended(actor: Actor) -> Actor:
    """Raise ``Closed`` when the meeting has ended and no longer accepts late cards; else return the actor."""
    if ended_at(actor.meeting) is not None and not accepts_late_cards(
        actor.meeting, settings_of().late_hours
    ):
        raise Closed
    return actor
