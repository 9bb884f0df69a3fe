"""Join a meeting. Devices that scan the code at the same time join in one transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ..db import utcnow, write
from ..errors import DialogError, Invalid, NotFound, Unauthorized
from ..live.batching import Batcher
from ..meetings import tokens
from ..meetings.meeting_row import read_meeting_row
from ..meetings.models import Table
from ..meetings.numbering_actions import lock_meeting
from ..meetings.permissions import is_open
from ..web.settings import settings_of
from .queries import MAX_BATCH, PARTICIPANTS, participant_rows


@dataclass(frozen=True)
class JoinRequest:
    """A device that wants to join; plain values only, because another green thread may handle it."""

    meeting_id: int
    token: str
    channel: str = "live"
    name: str | None = None
    table_number: int | None = None
    #: The token is made from the visit, so it may be known already.
    may_repeat: bool = False


@dataclass(frozen=True)
class Joined:
    """A participant, and the token that only their device keeps."""

    id: int
    kind: str
    token: str


def join_meeting(
    meeting_id: int,
    *,
    channel: str = "live",
    name: str | None = None,
    table_number: int | None = None,
    visit: str = "",
) -> Joined:
    """Join the meeting and return the participant; raise ``NotFound`` when it is not open.

    With *table_number* the device is a tablet that the table shares. The same *visit*, which is random and
    stands in one page alone, returns the same participant.
    """
    token = (
        tokens.token_of_visit(visit, meeting_id, settings_of().secret_key) if visit else tokens.new_token()
    )
    return _joins.submit(JoinRequest(meeting_id, token, channel, name, table_number, may_repeat=bool(visit)))


def _join_all(batch: list[JoinRequest]) -> list[Joined | DialogError]:
    """Handle a list of requests in one transaction, each with an outcome of its own."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, request in enumerate(batch):
        places[request.meeting_id].append(place)
    outcomes: list[Joined | DialogError] = [DialogError()] * len(batch)
    with write() as session:
        # In the order of their ids: two processes that lock the same meetings never wait for each other.
        for meeting_id in sorted(places):
            requests = [batch[place] for place in places[meeting_id]]
            for place, outcome in zip(places[meeting_id], _join_one_meeting(session, requests), strict=True):
                outcomes[place] = outcome
    return outcomes


def _join_one_meeting(session: Session, batch: list[JoinRequest]) -> list[Joined | DialogError]:
    meeting_id = batch[0].meeting_id
    try:
        meeting, _epoch = read_meeting_row(meeting_id)
        if not is_open(meeting):
            raise NotFound
    except NotFound as closed:
        return [closed] * len(batch)
    known = _find_joined(session, meeting_id, [request.token for request in batch if request.may_repeat])
    tables: dict[int, int] = {}
    if any(request.table_number is not None for request in batch):
        numbers = select(Table.number, Table.id).where(Table.meeting_id == meeting_id)
        tables = dict(session.execute(numbers).all())
    rows: dict[str, dict[str, Any]] = {}
    refused: dict[int, DialogError] = {}
    for place, request in enumerate(batch):
        if request.token in known:
            continue
        if request.table_number is not None and request.table_number not in tables:
            refused[place] = Invalid({"table": _("There is no such table.")})
            continue
        rows[request.token] = {
            "meeting_id": meeting_id,
            "channel": "online" if meeting.is_online else request.channel,
            "kind": "person" if request.table_number is None else "table",
            "table_id": None if request.table_number is None else tables[request.table_number],
            "name": (request.name or None) if meeting.asks_name else None,
            "token_hash": tokens.token_hash(request.token),
            "joined_at": utcnow(),
        }
    if rows:
        ids = session.connection().scalars(_INSERT, list(rows.values()))
        for (token, row), participant_id in zip(rows.items(), ids, strict=True):
            known[token] = Joined(participant_id, row["kind"], token)
    return [refused.get(place) or known[request.token] for place, request in enumerate(batch)]


def _find_joined(session: Session, meeting_id: int, given: list[str]) -> dict[str, Joined | DialogError]:
    """Return by token who has joined before; ``Unauthorized`` for a device that was removed since."""
    if not given:
        return {}
    # The two taps of one hand may reach two processes: the second waits here for the first.
    lock_meeting(session, meeting_id)
    hashes = {tokens.token_hash(token): token for token in given}
    rows = participant_rows(session, list(hashes))
    return {
        hashes[row.token_hash]: Unauthorized()
        if row.removed_at
        else Joined(row.id, row.kind, hashes[row.token_hash])
        for row in rows
    }


_INSERT = insert(PARTICIPANTS).returning(PARTICIPANTS.c.id, sort_by_parameter_order=True)
_joins: Batcher[JoinRequest, Joined] = Batcher(_join_all, MAX_BATCH)
