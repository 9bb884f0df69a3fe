"""The lock on a meeting, and the numbers that its cards and messages take.

Every change of a numbered row takes the next number of its meeting's counter in its own transaction, so the
order of the numbers is the order of the commits.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from ..db import deliver_after_commit
from ..errors import NotFound
from .models import Meeting


def _take_from(counter: Any) -> Any:
    return (
        update(Meeting)
        .where(Meeting.id == bindparam("meeting_id"))
        .values({counter: counter + bindparam("count")})
        .returning(counter)
        .execution_options(synchronize_session=False)
    )


#: Built once: putting a statement together costs more than running it.
_TAKE = {counter.key: _take_from(counter) for counter in (Meeting.seq, Meeting.chat_seq)}
_LOCK = select(Meeting.id).where(Meeting.id == bindparam("meeting_id")).with_for_update()


def lock_meeting(session: Session, meeting_id: int) -> None:
    """Keep every other process from changing this meeting until the commit.

    SQLite needs no row lock: there, ``write()`` holds the lock of the whole database.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"meeting_id": meeting_id})


def take_numbers(session: Session, meeting_id: int, count: int, counter: str = "seq") -> int:
    """Take the meeting's next *count* numbers and return the first of them.

    Until the commit nobody else gets a number of this meeting; after it, the meeting is delivered. Raises
    ``NotFound`` when there is no such meeting.
    """
    last = session.connection().scalar(_TAKE[counter], {"meeting_id": meeting_id, "count": count})
    if last is None:
        raise NotFound
    deliver_after_commit(session, meeting_id)
    return int(last) - count + 1
