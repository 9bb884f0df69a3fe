"""Numbered rows: cards and chat messages as each viewer may see them, and what changed after a number.

Every change of such a row takes the next number of one of the meeting's counters (``numbering_actions``). A
client keeps the last number it has and asks for what is newer. A row that its viewer may not see is sent as
id, number and state alone, so that the client can drop it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select

from ..db import INTEGER_MAX, db
from ..errors import Conflict, NotFound
from ..live.subscriptions import Change
from .actor import MeetingActor
from .meeting_like import MeetingLike
from .queries import epoch

Json = dict[str, Any]
Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Added:
    """A row that is on disk. ``repeat`` says that it already was."""

    id: int
    seq: int
    repeat: bool = False


def bare(row: Any) -> Json:
    """Return all that is sent of a row to a viewer who may not see it."""
    return {"id": row.id, "seq": row.seq, "state": row.state}


class NumberedRows(ABC, Generic[Row]):
    """The numbered rows of one model. A subclass says who sees which states and how a row is described.

    Rows are read as plain rows, by statements that are built once: this runs for every card of a full hall.
    """

    model: ClassVar[type[Any]]
    #: The column of the meeting that counts the changes.
    counter: ClassVar[str]
    #: The states in which an author sees their own row whole.
    own_states: ClassVar[frozenset[str]]
    #: Most rows in one answer, and the name under which the answer has them.
    page_size: ClassVar[int]
    name: ClassVar[str]

    def __init__(self) -> None:
        table = self.model.__table__
        in_meeting = table.c.meeting_id == bindparam("meeting_id")
        self._changed = (
            select(table)
            .where(in_meeting, table.c.seq > bindparam("since"), table.c.seq <= bindparam("to"))
            .order_by(table.c.seq)
            .limit(bindparam("limit"))
        )
        self._by_uuid = select(table).where(in_meeting, table.c.uuid.in_(bindparam("uuids", expanding=True)))

    @abstractmethod
    def states_seen(self, actor: MeetingActor[MeetingLike]) -> frozenset[str]:
        """Return the states in which *actor* sees everybody's rows whole."""

    @abstractmethod
    def describe(self, rows: Sequence[Row]) -> list[Json]:
        """Return the rows as in the contract, whole."""

    @abstractmethod
    def ahead_message(self) -> str:
        """Return what is wrong with a number that is newer than the row."""

    def has_text(self, row: Row, text: str) -> bool:
        """Return whether *row* was sent with this *text*."""
        return bool(row.text == text)

    def answer(self, actor: MeetingActor[MeetingLike], rows: Sequence[Row]) -> list[Json]:
        """Return the rows as ``sync`` sends them to *actor*."""
        return self.as_seen_by(actor, rows)

    def visible_to(self, actor: MeetingActor[MeetingLike]) -> ColumnElement[bool]:
        """Return the condition under which *actor* may see a row whole."""
        states = self.states_seen(actor)
        condition: ColumnElement[bool] = self.model.state.in_(states) if states else false()
        if actor.participant is not None:
            written = self.model.author_participant_id == actor.participant.id
            condition = or_(condition, and_(written, self.model.state.in_(self.own_states)))
        return condition

    def may_see(self, actor: MeetingActor[MeetingLike], row: Row) -> bool:
        """Return whether *actor* may see this row whole, by the same rule as ``visible_to``."""
        own = actor.participant is not None and row.author_participant_id == actor.participant.id
        return (own and row.state in self.own_states) or row.state in self.states_seen(actor)

    def as_seen_by(self, actor: MeetingActor[MeetingLike], rows: Sequence[Row]) -> list[Json]:
        """Return the rows, each whole or bare as *actor* may see it."""
        seen = [row for row in rows if self.may_see(actor, row)]
        whole = dict(zip((row.id for row in seen), self.describe(seen), strict=True))
        return [whole.get(row.id) or bare(row) for row in rows]

    def conflict_with(self, actor: MeetingActor[MeetingLike], row: Row) -> Conflict:
        """Return the refusal that carries the row as it is now, as *actor* may see it."""
        return Conflict(self.as_seen_by(actor, [row])[0])

    def changed(
        self, meeting_id: int, since: int, *, to: int = INTEGER_MAX, limit: int = INTEGER_MAX
    ) -> list[Row]:
        """Return the rows whose latest change came after number *since*, up to *to*, in order of number."""
        span = {"meeting_id": meeting_id, "since": since, "to": to, "limit": limit}
        found: Any = db.session.connection().execute(self._changed, span)
        return list(found)

    def as_changes(
        self, rows: Sequence[Row], seen: Mapping[str, frozenset[str]], render: Callable[[Row], str]
    ) -> list[Change]:
        """Return the rows for delivery. *seen* says which states each audience sees whole."""
        return [
            Change(
                seq=row.seq,
                full=whole,
                bare=bare(row),
                audiences=frozenset(audience for audience, states in seen.items() if row.state in states),
                author=row.author_participant_id,
                author_sees=row.state in self.own_states,
                draw=partial(render, row),
            )
            for row, whole in zip(rows, self.describe(rows), strict=True)
        ]

    def sync(self, actor: MeetingActor[MeetingLike], since: int) -> Json:
        """Return what changed after number *since* as *actor* may see it: the answer to ``sync``."""
        rows = self.changed(actor.meeting.id, since, limit=self.page_size + 1)
        return {
            "seq": getattr(actor.meeting, self.counter),
            "epoch": epoch(),
            self.name: self.answer(actor, rows[: self.page_size]),
            "more": len(rows) > self.page_size,
        }

    def by_uuid(self, meeting_id: int, uuids: Iterable[str]) -> dict[str, Row]:
        """Return the meeting's rows with these UUIDs, by UUID."""
        wanted = {"meeting_id": meeting_id, "uuids": list(uuids)}
        found: Any = db.session.connection().execute(self._by_uuid, wanted)
        return {row.uuid: row for row in found}

    def as_repeat(self, actor: MeetingActor[MeetingLike], row: Row, text: str) -> Added:
        """Return the saved *row* that was sent again; ``Conflict`` when its UUID came with another *text*."""
        if not self.has_text(row, text):
            raise self.conflict_with(actor, row)
        return Added(row.id, row.seq, repeat=True)

    def find(self, meeting_id: int, row_id: int) -> Row | None:
        """Return a row of the meeting; None when it is another meeting's or none."""
        row: Row | None = db.session.get(self.model, row_id)
        return row if row is not None and row.meeting_id == meeting_id else None

    def get(self, meeting_id: int, row_id: int) -> Row:
        """Return a row of the meeting; ``NotFound`` when it is another meeting's or none."""
        row = self.find(meeting_id, row_id)
        if row is None:
            raise NotFound
        return row
