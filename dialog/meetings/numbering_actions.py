"""The lock on a meeting, and the numbers that its cards and messages take.

Every change of a numbered row takes the next number of its meeting's counter in its own transaction, so the
order of the numbers is the order of the commits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from ..db import deliver_after_commit
from ..errors import Invalid, NotFound
from .actor import Actor
from .models import Meeting
from .numbered_rows import NumberedRows

Row = TypeVar("Row", bound=Any)


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


def change_row(
    session: Session,
    rows: NumberedRows[Row],
    actor: Actor,
    row: Row,
    base: int | None,
    apply: Callable[[Session, Row], bool],
) -> bool:
    """Apply a change to *row* and give it the next number; return whether it changed.

    *base* is the number that *actor* saw: ``Invalid`` when it is ahead of the row, ``Conflict`` when the row
    has changed since. *apply* returns False when the row already is as wanted; then nothing happens, and no
    number is taken, whatever the *base*.
    """
    if base is not None and base > row.seq:
        raise Invalid({"base": rows.ahead_message()})
    row_is_newer = base is not None and base < row.seq
    if not apply(session, row):
        return False
    if row_is_newer:
        session.refresh(row)
        raise rows.conflict_with(actor, row)
    row.seq = take_numbers(session, row.meeting_id, 1, rows.counter)
    session.flush()
    return True


def renumber(
    session: Session,
    rows: NumberedRows[Any],
    meeting_id: int,
    *conditions: ColumnElement[bool],
    **values: Any,
) -> int:
    """Give the meeting's rows under *conditions* new numbers in the old order; return how many they are.

    Call it when who may see them changes. *values* are written with the numbers, as constants or expressions.
    """
    session.flush()
    model = rows.model
    chosen = (model.meeting_id == meeting_id, *conditions)
    count = session.scalar(select(func.count()).select_from(model).where(*chosen)) or 0
    if not count:
        return 0
    first = take_numbers(session, meeting_id, count, rows.counter)
    order = (
        select(model.id, func.row_number().over(order_by=model.seq).label("place")).where(*chosen).subquery()
    )
    session.execute(
        update(model)
        .where(model.id == order.c.id)
        .values(seq=first - 1 + order.c.place, **values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return count
