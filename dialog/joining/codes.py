"""Find the meeting of a join code, and limit how many wrong codes and joins come from one network."""

from __future__ import annotations

from typing import NoReturn

import structlog
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from ..db import db
from ..errors import NotFound, TooFast
from ..live.limits import RateLimiter, WrongGuesses
from ..meetings import queries
from ..meetings.join_codes import LENGTH, read_code
from ..meetings.meeting_row import read_meeting_row
from ..meetings.models import Meeting
from ..meetings.permissions import is_open
from ..web.client_address import client_network
from ..web.settings import settings_of

log = structlog.get_logger("dialog.entry")

WRONG_FROM_BLOCK = WrongGuesses(free=20)
WRONG_IN_TOTAL = WrongGuesses(free=500)
#: Joins from one address block: 1,000 people in one hall may join at once; a flood goes on.
JOINS = RateLimiter(burst=2000, seconds=0.05)

#: Built once: a full hall looks its code up at the same time.
_BY_CODE = select(Meeting.id).where(Meeting.join_code == bindparam("code"))


def find_meeting_id(text: str) -> int | None:
    """Return the id of the open meeting with this code, however it is written; None if there is none."""
    code = read_code(text)
    if len(code) != LENGTH:
        return None
    meeting_id = db.session.connection().scalar(_BY_CODE, {"code": code})
    return meeting_id if meeting_id is not None and is_open(read_meeting_row(meeting_id)[0]) else None


def meeting_by_code(text: str) -> Meeting:
    """Return the open meeting with this code. A wrong code is counted; a right one is never refused.

    Raises ``NotFound``, or ``TooFast`` after many wrong codes from the same address block or in total.
    """
    meeting_id = find_meeting_id(text)
    return queries.meeting_by_id(meeting_id) if meeting_id is not None else refuse_wrong_code()


def refuse_wrong_code() -> NoReturn:
    """Count a wrong code and raise ``NotFound``, or ``TooFast`` when there were many."""
    if settings_of().limits:
        wait = max(WRONG_FROM_BLOCK.count_wrong(client_network()), WRONG_IN_TOTAL.count_wrong("all"))
        if wait:
            log.warning("many wrong join codes", wait_seconds=wait)
            raise TooFast(wait)
    raise NotFound(_("This code does not work. It may be mistyped, or the meeting has closed."))


def check_join_rate() -> None:
    """Raise ``TooFast`` for an address block that joins far more often than a full hall would.

    Call it once the code or address is known to be right: guesses must not use up what the hall needs.
    """
    if settings_of().limits:
        wait = JOINS.take(client_network())
        if wait:
            raise TooFast(wait)
