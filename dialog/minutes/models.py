"""Tables for the versions of minutes, the corrections to them and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, utcnow
from ..meetings.models import Meeting


class Minutes(Base):
    """One version of the minutes (minnesanteckningar) of a meeting.

    Its state is «draft» while it is written, «sent» while it is open for corrections, and then «final». The
    text never changes once the version was sent; a correction goes into the next version.
    """

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
    #: The version's number within its meeting, from 1.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    #: ``text`` holds ``body.Body``; a version that was sent also has ``facts``, from ``facts.Facts``.
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The number of saved changes to a draft, counted from 1.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    corrections_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    final_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: A withdrawn version shows its reason at its address, and its row is never deleted.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    #: The SHA-256 of the token in the address that was given out.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    meeting: Mapped[Meeting] = relationship()


class Correction(Base):
    """A correction (rättelse) that a reader sent, and the answer to it."""

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("minutes_id", "uuid"),
        CheckConstraint("state IN ('new', 'taken', 'declined')", name="state"),
        CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    uuid: Mapped[str] = mapped_column(String(36))
    #: The key of the part that it is about; empty for all of the minutes.
    about: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    state: Mapped[str] = mapped_column(String(20), default="new")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    minutes: Mapped[Minutes] = relationship()


class MinutesFile(Base):
    """A rendered file of a version. It is a row, because workers share no disk."""

    __tablename__ = "minutes_file"
    __table_args__ = (UniqueConstraint("minutes_id", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    format: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
