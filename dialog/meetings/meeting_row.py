"""A meeting as it is right now, read in one cheap query: a full hall needs it with every card.

Building the models' objects costs several times what reading the rows does, so this module reads the rows
under the models' own names. What would need another query is missing, and using it raises ``AttributeError``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Column, Table, bindparam, select

from ..db import db
from ..dialogues.models import Dialogue
from ..errors import NotFound
from .meeting_like import MeetingLike
from .models import Announcement, Installation, Meeting, Stage

_MEETING = cast(Table, Meeting.__table__)
_STAGE = cast(Table, Stage.__table__)
_GRACE = _STAGE.alias("grace")
_ANNOUNCEMENT = cast(Table, Announcement.__table__)
_DIALOGUE = cast(Table, Dialogue.__table__)


#: The columns of each part, in the order in which the query reads them.
_PARTS: dict[str, tuple[Column[Any], ...]] = {
    "meeting": tuple(_MEETING.c),
    "stage": tuple(_STAGE.c),
    "grace_stage": tuple(_GRACE.c),
    "announcement": (_ANNOUNCEMENT.c.id, _ANNOUNCEMENT.c.text),
    "dialogue": (_DIALOGUE.c.id, _DIALOGUE.c.organisation_id, _DIALOGUE.c.question),
}
_NAMES = {part: tuple(column.name for column in columns) for part, columns in _PARTS.items()}
#: Built once: putting a statement together costs more than running it.
_QUERY = (
    select(
        select(Installation.epoch).scalar_subquery(),
        *(column.label(f"{part}_{column.name}") for part, columns in _PARTS.items() for column in columns),
    )
    .join(_DIALOGUE, _DIALOGUE.c.id == _MEETING.c.dialogue_id)
    .outerjoin(_STAGE, _STAGE.c.id == _MEETING.c.stage_id)
    .outerjoin(_GRACE, _GRACE.c.id == _MEETING.c.grace_stage_id)
    .outerjoin(_ANNOUNCEMENT, _ANNOUNCEMENT.c.id == _MEETING.c.announcement_id)
    .where(_MEETING.c.id == bindparam("id"))
)


class MeetingRow(SimpleNamespace):
    """The columns of a meeting, with its ``stage``, ``grace_stage``, ``announcement`` and ``dialogue``."""

    __tablename__ = Meeting.__tablename__
    is_online = Meeting.is_online
    has_public_address = Meeting.has_public_address
    asked = Meeting.asked


def read_meeting_row(meeting_id: int) -> tuple[MeetingLike, str]:
    """Return the meeting for a caller that only reads it, and the epoch; ``NotFound`` when there is none."""
    row = db.session.connection().execute(_QUERY, {"id": meeting_id}).one_or_none()
    if row is None:
        raise NotFound
    values: Iterator[Any] = iter(row)
    epoch = next(values)
    # zip takes the name first, so that each part takes exactly its own values.
    rows = {part: dict(zip(names, values, strict=False)) for part, names in _NAMES.items()}
    meeting = MeetingRow(**rows.pop("meeting"))
    for part, row_values in rows.items():
        setattr(meeting, part, SimpleNamespace(**row_values) if row_values["id"] is not None else None)
    return cast(MeetingLike, meeting), epoch
