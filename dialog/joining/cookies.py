"""Cookies in which browsers keep their participant token: one per meeting, out of reach of scripts."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from ..meetings.models import Participant
from ..meetings.permissions import takes_part
from .queries import participant_by_token


def _cookie_name(meeting_id: int) -> str:
    return f"dialog_p_{meeting_id}"


def set_participant_cookie(response: Response, meeting_id: int, token: str) -> None:
    """Set the cookie with *token*; it lasts for late cards and for the answer weeks later."""
    response.set_cookie(
        _cookie_name(meeting_id),
        token,
        max_age=timedelta(days=90),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def token_from_cookie(meeting_id: int) -> str:
    """Return the token that the browser keeps for this meeting; empty when it keeps none."""
    return request.cookies.get(_cookie_name(meeting_id), "")


def participant_from_cookie(meeting_id: int) -> Participant | None:
    """Return the participant of this meeting whose cookie the browser sent; None when there is none."""
    token = token_from_cookie(meeting_id)
    participant = participant_by_token(token) if token else None
    return participant if takes_part(participant, meeting_id) else None
