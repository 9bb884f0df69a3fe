"""Find participants and projector links by their token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, bindparam, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from ..db import db
from ..errors import DialogError, Unauthorized
from ..live.batching import Batcher
from ..meetings.meeting_like import MeetingLike
from ..meetings.meeting_row import read_meeting_row
from ..meetings.models import DisplayLink, Participant
from ..meetings.tokens import token_hash

#: Most devices that join in one transaction, or are recognised with one query.
MAX_BATCH = 200

#: Built once: on the hot path, putting a statement together costs more than running it.
_BY_TOKEN = select(Participant).where(
    Participant.token_hash == bindparam("token"), Participant.removed_at.is_(None)
)
PARTICIPANTS = cast(SqlTable, Participant.__table__)
_BY_HASHES = select(PARTICIPANTS).where(PARTICIPANTS.c.token_hash.in_(bindparam("hashes", expanding=True)))


def participant_by_token(token: str) -> Participant | None:
    """Return the participant whose device holds this token; None when unknown or removed."""
    return db.session.scalar(_BY_TOKEN, {"token": token_hash(token)})


def display_by_token(token: str) -> DisplayLink | None:
    """Return the projector link with this token; None when unknown or revoked."""
    return db.session.scalar(
        select(DisplayLink).where(
            DisplayLink.token_hash == token_hash(token), DisplayLink.revoked_at.is_(None)
        )
    )


def participant_row_by_token(token: str) -> tuple[MeetingLike, Participant]:
    """Return meeting and participant of a token, to read only; ``Unauthorized`` when unknown or removed.

    Devices that ask at the same time are found with one query.
    """
    return _lookups.submit(token_hash(token))


def participant_rows(session: Session, hashes: list[str]) -> Sequence[Row[Any]]:
    """Return the rows of the participants with these token hashes, also of those who were removed."""
    return session.connection().execute(_BY_HASHES, {"hashes": hashes}).all()


def _find_participants(hashes: list[str]) -> list[tuple[MeetingLike, Participant] | DialogError]:
    rows = {row.token_hash: row for row in participant_rows(db.session(), hashes)}
    meetings = {row.meeting_id: read_meeting_row(row.meeting_id)[0] for row in rows.values()}
    found: list[tuple[MeetingLike, Participant] | DialogError] = []
    for each in hashes:
        row = rows.get(each)
        if row is None or row.removed_at is not None:
            found.append(Unauthorized())
        else:
            found.append((meetings[row.meeting_id], cast(Participant, row)))
    return found


_lookups: Batcher[str, tuple[MeetingLike, Participant]] = Batcher(_find_participants, MAX_BATCH)
