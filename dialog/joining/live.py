"""Identify sockets: the viewer at connecting, and the actor at every event."""

from __future__ import annotations

from typing import Any

from flask import request
from flask import session as browser
from sqlalchemy import select

from ..db import db
from ..errors import Closed, DialogError, NotFound, TooFast, Unauthorized
from ..live.handlers import EventHandlers, current_sid
from ..live.limits import RateLimiter
from ..live.schema import Place
from ..live.subscriptions import Viewer
from ..meetings import queries
from ..meetings.actor import Actor, MeetingActor
from ..meetings.meeting_like import MeetingLike
from ..meetings.meeting_row import read_meeting_row
from ..meetings.models import DisplayLink, Participant
from ..meetings.permissions import accepts_late_cards, ended_at, may_lead, takes_part
from ..people.current_user import signed_in_user_or_none
from ..people.models import User
from ..people.queries import has_signed_out
from ..web.client_address import client_network
from ..web.security import own_origins
from ..web.settings import settings_of
from .cookies import token_from_cookie
from .forms import Handshake
from .queries import display_by_token, participant_row_by_token
from .tickets import is_ticket_valid

#: Connections from one address block: generous, for a whole hall sits behind one.
CONNECTS = RateLimiter(burst=3000, seconds=0.01)


def register(handlers: EventHandlers) -> None:
    """Register ``authenticate`` for the handshake of every socket."""
    handlers.accept(authenticate)


def authenticate(auth: dict[str, Any]) -> Viewer:
    """Return the viewer of a handshake; raise what ``connect_error`` carries."""
    if settings_of().limits:
        wait = CONNECTS.take(client_network())
        if wait:
            raise TooFast(wait)
    given = Handshake.read_json(auth).values
    actor, person, table = _identify(given)
    if actor.kind == "participant":
        accepts_late = accepts_late_cards(actor.meeting, settings_of().late_hours)
        if actor.meeting.state != "planned" and ended_at(actor.meeting) is not None and not accepts_late:
            raise Closed
    return Viewer(
        sid=current_sid(),
        meeting_id=actor.meeting.id,
        kind=actor.kind,
        person=person,
        table=table,
        html=bool(given["html"]),
        session=str(browser.get("browser", "")) if actor.is_staff else "",
        version=actor.user.session_number if actor.user else 0,
        place=queries.place_of(actor.participant) if actor.participant else Place(),
        place_seq=actor.meeting.place_seq,
    )


def _identify(given: dict[str, Any]) -> tuple[MeetingActor[MeetingLike], int, bool]:
    if given["token"]:
        meeting, participant = participant_row_by_token(given["token"])
        if given["meeting"] and given["meeting"] != meeting.id:
            raise NotFound
        return MeetingActor(meeting, participant=participant), participant.id, participant.kind == "table"
    if given["display"]:
        link = display_by_token(given["display"])
        if link is None:
            raise Unauthorized
        return MeetingActor(read_meeting_row(link.meeting_id)[0]), link.id, False
    if not given["meeting"]:
        raise Unauthorized
    # A browser sends its cookies whichever site makes it connect. Only our own pages may use them, and the
    # library accepts a missing Origin.
    origin = request.headers.get("Origin")
    if origin not in own_origins(request.environ) and not (origin is None and given["ticket"]):
        raise Unauthorized
    meeting, _epoch = read_meeting_row(given["meeting"])
    user = signed_in_user_or_none()
    if user is not None and not given["as_participant"] and may_lead(user, meeting):
        _check_page(origin, given["ticket"], "user", user.id, meeting.id)
        return MeetingActor(meeting, user=user), user.id, False
    try:
        own, participant = participant_row_by_token(token_from_cookie(meeting.id))
    except Unauthorized:
        raise NotFound if user is not None else Unauthorized from None
    if own.id != meeting.id:
        raise Unauthorized
    _check_page(origin, given["ticket"], "participant", participant.id, meeting.id)
    return MeetingActor(meeting, participant=participant), participant.id, participant.kind == "table"


def _check_page(origin: str | None, ticket: str, kind: str, person_id: int, meeting_id: int) -> None:
    """Require a ticket where there is no Origin, as in long polling: only it proves our own page."""
    if origin is None and not is_ticket_valid(ticket, kind, person_id, meeting_id):
        raise Unauthorized


def load_actor(viewer: Viewer) -> Actor:
    """Return the actor behind a socket, read afresh; raise ``Unauthorized`` if they may not listen."""
    meeting = queries.meeting_now(viewer.meeting_id)
    if viewer.kind == "participant":
        participant = db.session.get(Participant, viewer.person)
        if not takes_part(participant, meeting.id):
            raise Unauthorized
        return Actor(meeting, participant=participant, html=viewer.html)
    if viewer.kind == "display":
        link = db.session.get(DisplayLink, viewer.person)
        if link is None or link.revoked_at is not None:
            raise Unauthorized
        return Actor(meeting, html=viewer.html)
    user: User | None = queries.user_by_id(viewer.person)
    if user is None or not user.active or not may_lead(user, meeting):
        raise Unauthorized
    if user.session_number != viewer.version or has_signed_out(user.id, viewer.session):
        raise Unauthorized  # signed out everywhere, or in this browser, since this socket was opened
    return Actor(meeting, user=user, html=viewer.html)


def find_expelled(viewers: list[Viewer]) -> set[str]:
    """Return the sids of those who may no longer listen: removed, revoked, deactivated or unassigned."""
    meetings = {viewer.meeting_id for viewer in viewers}
    removed = set(
        db.session.scalars(
            select(Participant.id).where(
                Participant.meeting_id.in_(meetings), Participant.removed_at.is_not(None)
            )
        )
    )
    revoked = set(
        db.session.scalars(
            select(DisplayLink.id).where(
                DisplayLink.meeting_id.in_(meetings), DisplayLink.revoked_at.is_not(None)
            )
        )
    )
    ended = {"participant": removed, "display": revoked}
    return {
        viewer.sid
        for viewer in viewers
        if (viewer.person in ended[viewer.kind] if viewer.kind in ended else not _may_listen(viewer))
    }


def _may_listen(viewer: Viewer) -> bool:
    try:
        load_actor(viewer)
    except DialogError:
        return False
    return True
