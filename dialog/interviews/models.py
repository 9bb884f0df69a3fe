"""What was asked in a focus group, and what the group said of its own summary."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, UTCDateTime, utcnow


class AskedQuestion(Base):
    """A follow-up question of a stage that was asked; known by its text, for a guide may be reordered."""

    __tablename__ = "asked_question"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"), primary_key=True)
    #: SHA-256 of the question.
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class ClosingCheck(Base):
    """«Stämmer det här?»: a summary read to the group, and what it answered."""

    __tablename__ = "closing_check"
    __table_args__ = (
        Index("ix_closing_check_meeting", "meeting_id", "id"),
        CheckConstraint("agreed IS NULL OR agreed >= 0", name="agreed"),
        CheckConstraint("differed IS NULL OR differed >= 0", name="differed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id", ondelete="SET NULL"))
    summary: Mapped[str] = mapped_column(Text)
    agreed: Mapped[int | None]
    differed: Mapped[int | None]
    #: What those who did not agree wanted changed.
    objections: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
