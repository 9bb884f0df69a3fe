"""Finding minutes: through the person who works with the meeting, or through the address given out."""

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

#: States that readers may know of.
_SENT = ("sent", "final")


def minutes_for(user: User | None, minutes_id: int) -> Minutes:
    """A version for somebody who works with its meeting; to everyone else it does not exist."""
    minutes = db.session.get(Minutes, minutes_id, options=[joinedload(Minutes.meeting)])
    if minutes is None or not may_write(user, minutes.meeting):
        raise NotFound
    return minutes


def versions_of(meeting_id: int) -> list[Minutes]:
    """Every version of the meeting's minutes, the newest first."""
    query = select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.number.desc())
    return list(db.session.scalars(query))


def sent_versions(meeting_id: int) -> list[Minutes]:
    """What was sent round, withdrawn versions too, the newest first."""
    return [minutes for minutes in versions_of(meeting_id) if minutes.state in _SENT]


def draft_of(meeting_id: int) -> Minutes | None:
    """The version that is being written."""
    return db.session.scalar(
        select(Minutes).where(Minutes.meeting_id == meeting_id, Minutes.state == "draft").limit(1)
    )


def current_version(versions: Sequence[Minutes]) -> Minutes | None:
    """The version to read: the newest that was sent and not taken back."""
    return next((each for each in versions if each.state in _SENT and each.withdrawn_at is None), None)


def meeting_by_token(token: str) -> Meeting:
    """The meeting whose minutes have this address; ``NotFound`` when it is unknown or was ended."""
    found = db.session.scalar(
        select(Minutes.meeting_id).where(
            Minutes.link_hash == tokens.token_hash(token), Minutes.state.in_(_SENT)
        )
    )
    if found is None:
        raise NotFound
    return meeting_by_id(found)


def is_linked(meeting_id: int) -> bool:
    """Is there an address that works?"""
    query = select(Minutes.id).where(Minutes.meeting_id == meeting_id, Minutes.link_hash.is_not(None))
    return db.session.scalar(query.limit(1)) is not None


def read_content(minutes: Minutes) -> tuple[Facts, Body]:
    """What stands in a version: a draft's heading is computed now, a sent one's is as it was sent."""
    stored = minutes.body
    facts = stored.get("facts")
    return (
        Facts.from_json(facts) if facts else gather_facts(minutes.meeting, minutes.created_by),
        Body.from_json(stored.get("text", {})),
    )


def corrections_of(meeting_id: int) -> list[Correction]:
    """What was sent in about any version, the oldest first."""
    query = (
        select(Correction)
        .join(Minutes)
        .options(joinedload(Correction.minutes))
        .where(Minutes.meeting_id == meeting_id)
        .order_by(Correction.id)
    )
    return list(db.session.scalars(query))


def correction_for(user: User | None, correction_id: int) -> Correction:
    """A correction for somebody who works with the meeting; to everyone else it does not exist."""
    query = select(Correction).options(joinedload(Correction.minutes)).where(Correction.id == correction_id)
    correction = db.session.scalar(query)
    if correction is None or not may_write(user, correction.minutes.meeting):
        raise NotFound
    return correction


def correction_by_receipt(meeting_id: int, uuid: str) -> Correction | None:
    """The correction whose sender kept the receipt."""
    query = select(Correction).join(Minutes).where(Minutes.meeting_id == meeting_id, Correction.uuid == uuid)
    return db.session.scalar(query.limit(1))


def count_unanswered(meeting_id: int) -> int:
    """How many corrections wait for an answer."""
    query = (
        select(func.count())
        .select_from(Correction)
        .join(Minutes)
        .where(Minutes.meeting_id == meeting_id, Correction.state == "new")
    )
    return db.session.scalar(query) or 0


def file_of(minutes_id: int, code: str) -> MinutesFile | None:
    query = select(MinutesFile).where(MinutesFile.minutes_id == minutes_id, MinutesFile.format == code)
    return db.session.scalar(query)


def has_file(minutes_id: int, code: str) -> bool:
    """Is the file made? Without reading it."""
    query = select(MinutesFile.id).where(MinutesFile.minutes_id == minutes_id, MinutesFile.format == code)
    return db.session.scalar(query) is not None
