"""Who is in the room, as devices and tables: how much came from each in this stage, and who is quiet."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select

from ..cards.models import Card
from ..db import db
from ..meetings.models import Meeting, Participant, Table
from ..meetings.permissions import allows_writing

#: Devices of one table that are listed one by one.
LISTED = 60


@dataclass(frozen=True)
class Device:
    """A phone or a shared tablet. ``number`` is its place in the order of joining, never who holds it."""

    id: int
    number: int
    shared: bool
    name: str
    cards: bool


@dataclass
class Spot:
    """A table and its devices; ``table`` None is everywhere else."""

    table: Table | None
    cards: int = 0
    devices: list[Device] = field(default_factory=list)
    #: Writing is going on, somebody sits here, and nothing has come.
    quiet: bool = False

    @property
    def silent(self) -> int:
        """How many of its devices have sent nothing in this stage."""
        return sum(not device.cards for device in self.devices)


@dataclass(frozen=True)
class Room:
    """All tables in order, and last what sits at none, if anything does."""

    spots: list[Spot]
    writing: bool

    @property
    def devices(self) -> int:
        return sum(len(spot.devices) for spot in self.spots)

    @property
    def silent(self) -> int:
        return sum(spot.silent for spot in self.spots)

    @property
    def quiet_tables(self) -> int:
        return sum(spot.quiet for spot in self.spots if spot.table is not None)

    def spot(self, table_id: int | None) -> Spot | None:
        """The table with this id, or what sits at none."""
        return next(
            (spot for spot in self.spots if (spot.table.id if spot.table else None) == table_id), None
        )


def who_is_here(meeting: Meeting) -> Room:
    """The room right now. Cards of this stage are counted, hidden ones too, but not those taken back."""
    in_stage = _in_stage(meeting)
    counted = select(Card.table_id, func.count()).where(*in_stage).group_by(Card.table_id)
    cards: dict[int | None, int] = dict(db.session.execute(counted).all())
    wrote = set(db.session.scalars(select(Card.author_participant_id).where(*in_stage).distinct()))
    writing = meeting.state == "open" and allows_writing(meeting)
    spots = {table.id: Spot(table, cards.get(table.id, 0)) for table in meeting.tables}
    elsewhere = Spot(None, sum(cards.values()) - sum(spot.cards for spot in spots.values()))
    for row in db.session.execute(_devices(meeting.id)):
        device = Device(row.id, row.number, row.kind == "table", row.name or "", row.id in wrote)
        spots.get(row.table_id, elsewhere).devices.append(device)
    shown = [*spots.values(), *([elsewhere] if elsewhere.devices or elsewhere.cards or not spots else [])]
    for spot in shown:
        spot.quiet = writing and bool(spot.devices) and not spot.cards
    return Room(shown, writing)


def _in_stage(meeting: Meeting) -> list[ColumnElement[bool]]:
    found = [Card.meeting_id == meeting.id, Card.state.not_in(("withdrawn", "merged"))]
    return [*found, Card.stage_id == meeting.stage_id] if meeting.stage_id else found


def _devices(meeting_id: int):  # type: ignore[no-untyped-def]  # a select of columns, typed by its use
    number = func.row_number().over(order_by=Participant.id).label("number")
    everybody = (
        select(
            Participant.id,
            Participant.kind,
            Participant.table_id,
            Participant.name,
            Participant.removed_at,
            number,
        )
        .where(Participant.meeting_id == meeting_id)
        .subquery()
    )
    return select(everybody).where(everybody.c.removed_at.is_(None)).order_by(everybody.c.number)
