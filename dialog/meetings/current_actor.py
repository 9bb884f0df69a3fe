"""Who asks over HTTP, by token or by the cookies of our own pages."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from ..errors import Closed, NotFound, Unauthorized
from ..web.security import bearer_token, settings_of
from . import queries as meetings
from .actor import Actor
from .cookies import participant_from_cookie
from .permissions import accepts_late_cards, ended_at, may_lead


def actor_in(meeting_id: int) -> Actor:
    """Who asks: a bearer token, else the cookies of our own pages. Another meeting's token finds nothing."""
    token = bearer_token()
    if token is not None:
        participant = meetings.participant_by_token(token)
        if participant is None:
            raise Unauthorized
        if participant.meeting_id != meeting_id:
            raise NotFound
        return _still_in(Actor(meetings.meeting_by_id(meeting_id), participant=participant))
    user = current_user._get_current_object()
    if request.args.get("as") != "participant" and user.is_authenticated:
        meeting = meetings.meeting_by_id(meeting_id)
        if may_lead(user, meeting):
            return Actor(meeting, user=user)
    participant = participant_from_cookie(meeting_id)
    if participant is None:
        raise NotFound if user.is_authenticated else Unauthorized
    return _still_in(Actor(meetings.meeting_by_id(meeting_id), participant=participant))


def _still_in(actor: Actor) -> Actor:
    """A participant's token ends with the meeting, late cards allowed for."""
    if ended_at(actor.meeting) is not None and not accepts_late_cards(
        actor.meeting, settings_of().late_hours
    ):
        raise Closed
    return actor
