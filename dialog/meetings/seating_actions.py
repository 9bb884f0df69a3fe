"""Seat devices at tables, one by one or all at once, and remove them. A device is not a person."""

from __future__ import annotations

from collections import defaultdict

from flask_babel import gettext as _
from sqlalchemy import select

from .. import live
from ..db import utcnow, write
from ..errors import Conflict, Invalid, NotFound
from ..people.models import User
from .activity_actions import lock_meeting_for, record_activity
from .models import Meeting, Participant

#: even: equal tables with the fewest moves · mix: everybody to another table.
SPREADS = ("even", "mix")


def seat_device(user: User, meeting: Meeting, participant_id: int, table_id: int | None) -> None:
    """Send a device to a table, or to none. It is told «Gå till bord …», and its cards carry that table."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        participant = session.get(Participant, participant_id)
        if participant is None or participant.meeting_id != meeting.id:
            raise NotFound
        if table_id is not None and table_id not in {table.id for table in meeting.tables}:
            raise Invalid({"table": _("There is no such table.")})
        if participant.kind == "table":
            raise Invalid(message=_("A tablet that a table shares stays at its table."))
        if participant.table_id == table_id:
            return
        moved = [(participant.id, participant.table_id, table_id)]
        participant.table_id = table_id
        meeting.place_seq = Meeting.place_seq + 1
        record_activity(session, user, meeting, "place.device", participant, moved=moved)


def spread_devices(user: User, meeting: Meeting, way: str, seen: int) -> int:
    """Spread the phones over the tables and return how many moved. *seen* is the ``place_seq`` seen then."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if not meeting.tables:
            raise Invalid(message=_("This meeting has no tables."))
        if meeting.place_seq != seen:
            raise Conflict(message=_("The tables were changed just now. This is how they are."))
        phones = list(
            session.scalars(
                select(Participant)
                .where(
                    Participant.meeting_id == meeting.id,
                    Participant.kind == "person",
                    Participant.removed_at.is_(None),
                )
                .order_by(Participant.id)
            )
        )
        tables = [table.id for table in meeting.tables]
        at = {phone.id: phone.table_id for phone in phones}
        wanted = mix_tables(at, tables) if way == "mix" else spread_evenly(at, tables)
        moved = [
            (phone.id, phone.table_id, wanted[phone.id])
            for phone in phones
            if wanted[phone.id] != at[phone.id]
        ]
        if not moved:
            return 0
        for phone in phones:
            phone.table_id = wanted[phone.id]
        meeting.place_seq = Meeting.place_seq + 1
        record_activity(session, user, meeting, f"place.{way}", moved=moved)
    return len(moved)


def spread_evenly(at: dict[int, int | None], tables: list[int]) -> dict[int, int]:
    """Return a table for each device: equal tables with as few moves as possible."""
    most, extra = divmod(len(at), len(tables))
    seated: dict[int, list[int]] = defaultdict(list)
    waiting: list[int] = []
    for device, table in at.items():
        if table is None:
            waiting.append(device)
        else:
            seated[table].append(device)
    # The larger share goes to those tables that are fullest already.
    fullest = sorted(tables, key=lambda table: (-len(seated[table]), tables.index(table)))
    room = {table: most + (place < extra) for place, table in enumerate(fullest)}
    found: dict[int, int] = {}
    for table in tables:
        for device in seated[table][: room[table]]:
            found[device] = table
        waiting += seated[table][room[table] :]
        room[table] -= min(room[table], len(seated[table]))
    free = [table for table in tables for _place in range(room[table])]
    found.update(zip(sorted(waiting), free, strict=True))
    return found


def mix_tables(at: dict[int, int | None], tables: list[int]) -> dict[int, int]:
    """Return another table for each device, and spread those of one table over the others."""
    count = len(tables)
    if count == 1:
        return dict.fromkeys(at, tables[0])
    place = {table: number for number, table in enumerate(tables)}
    dealt: dict[int | None, int] = defaultdict(int)
    found: dict[int, int] = {}
    for device, table in at.items():
        turn = dealt[table]
        dealt[table] += 1
        step = turn % count if table is None else place[table] + 1 + turn % (count - 1)
        found[device] = tables[step % count]
    return found


def remove_participant(user: User, meeting: Meeting, participant_id: int) -> None:
    """End a device's part in the meeting; its cards stay. Its sockets close."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        participant = session.get(Participant, participant_id)
        if participant is None or participant.meeting_id != meeting.id:
            raise NotFound
        if participant.removed_at is None:
            participant.removed_at = utcnow()
            record_activity(
                session, user, meeting, "participant.remove", participant, participant=participant.id
            )
    live.disconnect(lambda viewer: viewer.kind == "participant" and viewer.person == participant_id)
