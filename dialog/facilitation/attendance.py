"""Attendance: the devices at each table, how many cards came from them in this stage, and which are quiet."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select

from ..cards.models import Card
from ..db import db
from ..meetings.models import Meeting, Participant, Table
from ..meetings.permissions import allows_writing


@dataclass(frozen=True)
class Device:
    """A phone or a shared tablet. ``number`` is its place in the order of joining, never who holds it."""

    id: int
    number: int
    shared: bool
    name: str
    has_written: bool


@dataclass
class DeviceGroup:
    """The devices at one table; with ``table`` None, those at no table."""

    table: Table | None
    cards: int = 0
    devices: list[Device] = field(default_factory=list)
    #: True while writing is allowed, a device is here, and no card has come from the group.
    is_quiet: bool = False

    @property
    def silent_devices(self) -> int:
        """Return the number of its devices that have sent nothing in this stage."""
        return sum(not device.has_written for device in self.devices)


@dataclass(frozen=True)
class Attendance:
    """Every table in order, and last the devices and cards of no table, if there are any."""

    groups: list[DeviceGroup]
    writing: bool

    @property
    def devices(self) -> int:
        return sum(len(group.devices) for group in self.groups)

    @property
    def silent_devices(self) -> int:
        return sum(group.silent_devices for group in self.groups)

    def group_at(self, table_id: int | None) -> DeviceGroup | None:
        """Return the group of the table with this id, or with None the group at no table."""
        return next(
            (group for group in self.groups if (group.table.id if group.table else None) == table_id), None
        )


def load_attendance(meeting: Meeting) -> Attendance:
    """Return the attendance right now. Cards of this stage count, hidden ones too, but not withdrawn ones."""
    in_stage = _in_stage(meeting)
    counted = select(Card.table_id, func.count()).where(*in_stage).group_by(Card.table_id)
    cards: dict[int | None, int] = dict(db.session.execute(counted).all())
    writers = set(db.session.scalars(select(Card.author_participant_id).where(*in_stage).distinct()))
    writing = meeting.state == "open" and allows_writing(meeting)
    by_table = {table.id: DeviceGroup(table, cards.get(table.id, 0)) for table in meeting.tables}
    at_no_table = DeviceGroup(None, sum(cards.values()) - sum(group.cards for group in by_table.values()))
    for row in db.session.execute(_devices(meeting.id)):
        device = Device(row.id, row.number, row.kind == "table", row.name or "", row.id in writers)
        by_table.get(row.table_id, at_no_table).devices.append(device)
    groups = list(by_table.values())
    if at_no_table.devices or at_no_table.cards or not groups:
        groups.append(at_no_table)
    for group in groups:
        group.is_quiet = writing and bool(group.devices) and not group.cards
    return Attendance(groups, writing)


def _in_stage(meeting: Meeting) -> list[ColumnElement[bool]]:
    found = [Card.meeting_id == meeting.id, Card.state != "withdrawn"]
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
