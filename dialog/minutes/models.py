"""Versions of a meeting's minutes, what people wanted corrected, and the files made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, utcnow
from ..meetings.models import Meeting

#: draft: being written · sent: open for corrections · final: as it stands.


class Minutes(Base):
    """One version (minnesanteckningar). Once sent it never changes; a correction makes the next one."""

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("state IN ('draft', 'sent', 'final')", name="state"),
        CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name="sent_at"),
        CheckConstraint("(state = 'final') = (final_at IS NOT NULL)", name="final_at"),
        CheckConstraint(
            "withdrawn_at IS NULL OR (state <> 'draft' AND withdrawn_reason <> '')", name="withdrawn"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    #: 1, 2, 3 … within the meeting.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    #: Agenda, what was agreed, questions with owner and date, who took part in numbers.
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Counts the saved changes of a draft, so that two who write do not overwrite each other.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    corrections_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    final_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Taken back, with a reason that stays at its address; the row is never deleted.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    #: SHA-256 of the token in the address that participants were given.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    meeting: Mapped[Meeting] = relationship()


class Correction(Base):
    """What somebody wanted corrected (rättelse), and what became of it."""

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("minutes_id", "uuid"),
        CheckConstraint("state IN ('new', 'taken', 'declined')", name="state"),
        CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    uuid: Mapped[str] = mapped_column(String(36))
    #: Which part of the minutes it is about; empty is all of it.
    about: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    state: Mapped[str] = mapped_column(String(20), default="new")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    minutes: Mapped[Minutes] = relationship()


class MinutesFile(Base):
    """A rendered file of a version; a row, because workers share no disk."""

    __tablename__ = "minutes_file"
    __table_args__ = (UniqueConstraint("minutes_id", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    format: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
