"""The door: codes, and how many wrong ones are taken."""

from __future__ import annotations

from typing import NoReturn

import structlog
from flask_babel import gettext as _

from ..errors import NotFound, TooFast
from ..live.limits import Limit, WrongGuesses
from ..web.security import address_block, settings_of
from . import queries
from .models import Meeting

log = structlog.get_logger("dialog.entry")

WRONG_HERE = WrongGuesses(free=20)
WRONG_IN_ALL = WrongGuesses(free=500)
#: Joins from one address block: a hall of 1,000 scans at once, a flood does not.
JOINS = Limit(burst=2000, seconds=0.05)


def meeting_by_code(text: str) -> Meeting:
    """The open meeting with this code. A wrong code is counted; a right one is never refused.

    Raises ``NotFound``, or ``TooFast`` once there were many wrong ones from the same network or in all.
    """
    meeting_id = queries.meeting_with_code(text)
    return queries.meeting_by_id(meeting_id) if meeting_id is not None else wrong_code()


def wrong_code() -> NoReturn:
    """Count a wrong code and refuse it: ``NotFound``, or ``TooFast`` when there were many."""
    if settings_of().limits:
        wait = max(WRONG_HERE.wrong(address_block()), WRONG_IN_ALL.wrong("all"))
        if wait:
            log.warning("many wrong join codes", wait_seconds=wait)
            raise TooFast(wait)
    raise NotFound(_("This code does not work. It may be mistyped, or the meeting has closed."))


def check_join_rate() -> None:
    """Slow down one network that joins far more often than a full hall would.

    Asked once the way in is known to be right: guessing must not use up what the hall needs.
    """
    if settings_of().limits:
        wait = JOINS.take(address_block())
        if wait:
            raise TooFast(wait)
