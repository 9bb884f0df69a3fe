"""Find minutes through a user who works with the meeting, or through the address that was given out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..errors import NotFound
from ..meetings import tokens
from ..meetings.models import Meeting
from ..meetings.queries import meeting_by_id
from ..people.models import User
from .body import Body
from .facts import Facts
from .facts_queries import gather_facts
from .models import Correction, Minutes, MinutesFile
from .permissions import may_write

#: Readers see versions in these states.
_SENT = ("sent", "final")


def minutes_for(user: User | None, minutes_id: int) -> Minutes:
    """Return a version; raise ``NotFound`` for a *user* who does not work with its meeting."""
    minutes = db.session.get(Minutes, minutes_id, options=[joinedload(Minutes.meeting)])
    if minutes is None or not may_write(user, minutes.meeting):
        raise NotFound
    return minutes


def versions_of(meeting_id: int) -> list[Minutes]:
    """Return every version of the meeting's minutes, the newest first."""
    query = select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.number.desc())
    return list(db.session.scalars(query))


def sent_versions(meeting_id: int) -> list[Minutes]:
    """Return the versions that were sent, also withdrawn ones, the newest first."""
    return [minutes for minutes in versions_of(meeting_id) if minutes.state in _SENT]


def draft_of(meeting_id: int) -> Minutes | None:
    """Return the version that is being written, or None."""
    return db.session.scalar(
        select(Minutes).where(Minutes.meeting_id == meeting_id, Minutes.state == "draft").limit(1)
    )


def current_version(versions: Sequence[Minutes]) -> Minutes | None:
    """Return the version to read: the newest of *versions* that was sent and not withdrawn."""
    return next((each for each in versions if each.state in _SENT and each.withdrawn_at is None), None)


def meeting_by_token(token: str) -> Meeting:
    """Return the meeting whose minutes have this address; raise ``NotFound`` for an unknown or ended one."""
    found = db.session.scalar(
        select(Minutes.meeting_id).where(
            Minutes.link_hash == tokens.token_hash(token), Minutes.state.in_(_SENT)
        )
    )
    if found is None:
        raise NotFound
    return meeting_by_id(found)


def is_linked(meeting_id: int) -> bool:
    """Return whether the minutes of the meeting have an address that works."""
    query = select(Minutes.id).where(Minutes.meeting_id == meeting_id, Minutes.link_hash.is_not(None))
    return db.session.scalar(query.limit(1)) is not None


def read_content(minutes: Minutes) -> tuple[Facts, Body]:
    """Return the facts and the text of a version. The facts of a draft are computed now."""
    stored = minutes.body
    facts = stored.get("facts")
    return (
        Facts.from_json(facts) if facts else gather_facts(minutes.meeting, minutes.created_by),
        Body.from_json(stored.get("text", {})),
    )


def corrections_of(meeting_id: int) -> list[Correction]:
    """Return the corrections of every version, the oldest first."""
    query = (
        select(Correction)
        .join(Minutes)
        .options(joinedload(Correction.minutes))
        .where(Minutes.meeting_id == meeting_id)
        .order_by(Correction.id)
    )
    return list(db.session.scalars(query))


def correction_for(user: User | None, correction_id: int) -> Correction:
    """Return a correction; raise ``NotFound`` for a *user* who does not work with its meeting."""
    query = select(Correction).options(joinedload(Correction.minutes)).where(Correction.id == correction_id)
    correction = db.session.scalar(query)
    if correction is None or not may_write(user, correction.minutes.meeting):
        raise NotFound
    return correction


def correction_by_receipt(meeting_id: int, uuid: str) -> Correction | None:
    """Return the correction whose receipt this is, or None."""
    query = select(Correction).join(Minutes).where(Minutes.meeting_id == meeting_id, Correction.uuid == uuid)
    return db.session.scalar(query.limit(1))


def count_unanswered(meeting_id: int) -> int:
    """Return how many corrections wait for an answer."""
    query = (
        select(func.count())
        .select_from(Correction)
        .join(Minutes)
        .where(Minutes.meeting_id == meeting_id, Correction.state == "new")
    )
    return db.session.scalar(query) or 0


def file_of(minutes_id: int, code: str) -> MinutesFile | None:
    """Return a file of a version, or None when it is not made yet."""
    query = select(MinutesFile).where(MinutesFile.minutes_id == minutes_id, MinutesFile.format == code)
    return db.session.scalar(query)


def has_file(minutes_id: int, code: str) -> bool:
    """Return whether a file is made, without reading its content."""
    query = select(MinutesFile.id).where(MinutesFile.minutes_id == minutes_id, MinutesFile.format == code)
    return db.session.scalar(query) is not None
