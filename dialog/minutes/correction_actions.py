"""Take corrections from anybody who has the address, without an account or a name."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ..db import db, write
from ..errors import Closed, Conflict, NotFound, TooFast
from ..live.limits import RateLimiter
from ..web.client_address import client_network
from ..web.settings import settings_of
from .models import Correction, Minutes
from .permissions import takes_corrections

#: Corrections from one network. A family at a kitchen table does not notice this limit; a script does.
PER_NETWORK = RateLimiter(burst=20, seconds=20)
#: Corrections to one meeting's minutes from everywhere.
PER_MEETING = RateLimiter(burst=200, seconds=5)
#: The largest number of corrections of one version.
MAX_PER_VERSION = 1000


def add_correction(minutes: Minutes, uuid: str, about: str, text: str) -> Correction:
    """Add a correction to *minutes*; return the stored one when the same *uuid* is sent again.

    Raise ``Closed`` when the days are over or there are too many, ``Conflict`` when this *uuid* came with
    another text before, and ``TooFast`` when a limit is reached.
    """
    again = _find_sent(minutes.id, uuid, text)
    if again is not None:
        return again
    _take_from_limits(minutes.meeting_id)
    minutes_id = minutes.id
    try:
        with write() as session:
            now = session.get(Minutes, minutes_id)
            if now is None:
                raise NotFound
            if not takes_corrections(now):
                raise Closed(_("The days for corrections are over. Your text is still here on the page."))
            count = select(func.count()).where(Correction.minutes_id == minutes_id)
            if (session.scalar(count) or 0) >= MAX_PER_VERSION:
                raise Closed(_("There are very many corrections already. Call the municipality instead."))
            correction = Correction(minutes_id=minutes_id, uuid=uuid, about=about, text=text)
            session.add(correction)
    except IntegrityError:  # two taps on one phone reached two processes
        db.session.rollback()
        found = _find_sent(minutes_id, uuid, text)
        if found is None:
            raise Conflict from None
        return found
    return correction


def _find_sent(minutes_id: int, uuid: str, text: str) -> Correction | None:
    query = select(Correction).where(Correction.minutes_id == minutes_id, Correction.uuid == uuid)
    found = db.session.scalar(query)
    if found is not None and found.text != text:
        raise Conflict(message=_("This page has already sent another text. Send this one once more."))
    return found


def _take_from_limits(meeting_id: int) -> None:
    if not settings_of().limits:
        return
    wait = max(PER_NETWORK.take((client_network(), meeting_id)), PER_MEETING.take(meeting_id))
    if wait:
        raise TooFast(wait)
