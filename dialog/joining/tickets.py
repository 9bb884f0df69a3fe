"""Tickets that open a socket for our own page where the browser sends no Origin.

Long polling begins with a GET by our own page, and browsers send no ``Origin`` with that. A ticket is part of
the page, which no other site can read. It names the meeting and the person, and is useless without their
cookie.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from ..web.settings import settings_of

#: Seconds for which a ticket is valid; a page that is open for longer fetches a new one.
TICKET_SECONDS = 3600


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings_of().secret_key, salt="dialog socket ticket")


def ticket_for(kind: str, person_id: int, meeting_id: int) -> str:
    """Return a ticket for the page of a ``participant`` or a ``user`` in one meeting."""
    return _signer().dumps([kind, person_id, meeting_id])


def is_ticket_valid(ticket: str, kind: str, person_id: int, meeting_id: int) -> bool:
    """Return whether we made this ticket lately, for this very person and meeting."""
    try:
        named = _signer().loads(ticket, max_age=TICKET_SECONDS)
    except BadSignature:
        return False
    return bool(named == [kind, person_id, meeting_id])
