"""Taking part, and being recognised by one's token. A hall that scans the code at once is let in together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from ..db import db, utcnow, write
from ..errors import DialogError, Invalid, NotFound, Unauthorized
from ..live.batching import Batcher
from ..web.settings import settings_of
from . import tokens
from .meeting_like import MeetingLike
from .meeting_row import read_meeting_row
from .models import Participant, Table
from .numbering_actions import lock_meeting
from .permissions import is_open

#: Most that are let in with one transaction, or recognised with one query.
MAX_BATCH = 200


@dataclass(frozen=True)
class Arrival:
    """A device at the door; plain values only, for another green thread may let it in."""

    meeting_id: int
    token: str
    channel: str = "live"
    name: str | None = None
    table_number: int | None = None
    #: Made from the visit: the token may be known already.
    again: bool = False


@dataclass(frozen=True)
class Joined:
    """A participant, and the token that only their device keeps."""

    id: int
    kind: str
    token: str


def join(
    meeting_id: int,
    *,
    channel: str = "live",
    name: str | None = None,
    table_number: int | None = None,
    visit: str = "",
) -> Joined:
    """Take part in the meeting; ``NotFound`` when it is not open.

    With *table_number* the device is a tablet that the table shares. The same *visit*, which is random and
    stands in one page alone, gives the same participant back.
    """
    token = (
        tokens.token_of_visit(visit, meeting_id, settings_of().secret_key) if visit else tokens.new_token()
    )
    return _arriving.submit(Arrival(meeting_id, token, channel, name, table_number, again=bool(visit)))


def _let_in(batch: list[Arrival]) -> list[Joined | DialogError]:
    """Let in a list of devices in one transaction, each judged alone."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, arrival in enumerate(batch):
        places[arrival.meeting_id].append(place)
    outcomes: list[Joined | DialogError] = [DialogError()] * len(batch)
    with write() as session:
        # In the order of their ids: two processes that lock the same meetings never wait for each other.
        for meeting_id in sorted(places):
            here = [batch[place] for place in places[meeting_id]]
            for place, outcome in zip(places[meeting_id], _let_in_here(session, here), strict=True):
                outcomes[place] = outcome
    return outcomes


def _let_in_here(session: Session, batch: list[Arrival]) -> list[Joined | DialogError]:
    meeting_id = batch[0].meeting_id
    try:
        meeting, _epoch = read_meeting_row(meeting_id)
        if not is_open(meeting):
            raise NotFound
    except NotFound as closed:
        return [closed] * len(batch)
    known = _known(session, meeting_id, [one.token for one in batch if one.again])
    tables: dict[int, int] = {}
    if any(one.table_number is not None for one in batch):
        numbers = select(Table.number, Table.id).where(Table.meeting_id == meeting_id)
        tables = dict(session.execute(numbers).all())
    rows: dict[str, dict[str, Any]] = {}
    refused: dict[int, DialogError] = {}
    for place, one in enumerate(batch):
        if one.token in known:
            continue
        if one.table_number is not None and one.table_number not in tables:
            refused[place] = Invalid({"table": _("There is no such table.")})
            continue
        rows[one.token] = {
            "meeting_id": meeting_id,
            "channel": "online" if meeting.is_online else one.channel,
            "kind": "person" if one.table_number is None else "table",
            "table_id": None if one.table_number is None else tables[one.table_number],
            "name": (one.name or None) if meeting.asks_name else None,
            "token_hash": tokens.token_hash(one.token),
            "joined_at": utcnow(),
        }
    if rows:
        ids = session.connection().scalars(_INSERT, list(rows.values()))
        for (token, row), participant_id in zip(rows.items(), ids, strict=True):
            known[token] = Joined(participant_id, row["kind"], token)
    return [refused.get(place) or known[one.token] for place, one in enumerate(batch)]


def _known(session: Session, meeting_id: int, given: list[str]) -> dict[str, Joined | DialogError]:
    """Who of these has joined before, and who was removed since."""
    if not given:
        return {}
    # Two processes may get the two taps of one hand: the second waits here for the first.
    lock_meeting(session, meeting_id)
    hashes = {tokens.token_hash(token): token for token in given}
    found = session.connection().execute(_BY_HASH, {"hashes": list(hashes)})
    return {
        hashes[row.token_hash]: Unauthorized()
        if row.removed_at
        else Joined(row.id, row.kind, hashes[row.token_hash])
        for row in found
    }


def participant_with_token(token: str) -> tuple[MeetingLike, Participant]:
    """Whose device holds this token, and their meeting, both to look at; ``Unauthorized`` if nobody's."""
    return _recognising.submit(tokens.token_hash(token))


def _recognise(hashes: list[str]) -> list[tuple[MeetingLike, Participant] | DialogError]:
    rows = {row.token_hash: row for row in db.session.connection().execute(_BY_HASH, {"hashes": hashes})}
    meetings = {row.meeting_id: read_meeting_row(row.meeting_id)[0] for row in rows.values()}
    found: list[tuple[MeetingLike, Participant] | DialogError] = []
    for each in hashes:
        row = rows.get(each)
        if row is None or row.removed_at is not None:
            found.append(Unauthorized())
        else:
            found.append((meetings[row.meeting_id], cast(Participant, row)))
    return found


_PEOPLE = cast(SqlTable, Participant.__table__)
_INSERT = insert(_PEOPLE).returning(_PEOPLE.c.id, sort_by_parameter_order=True)
_BY_HASH = select(_PEOPLE).where(_PEOPLE.c.token_hash.in_(bindparam("hashes", expanding=True)))
_arriving: Batcher[Arrival, Joined] = Batcher(_let_in, MAX_BATCH)
_recognising: Batcher[str, tuple[MeetingLike, Participant]] = Batcher(_recognise, MAX_BATCH)
