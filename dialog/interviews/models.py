"""Tables for the follow-up questions asked in a focus group, and for its closing checks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, UTCDateTime, utcnow


class AskedQuestion(Base):
    """A follow-up question that was asked. It is known by its text, because a guide may be reordered."""

    __tablename__ = "asked_question"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"), primary_key=True)
    #: The SHA-256 of the question's text.
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class ClosingCheck(Base):
    """A closing check («Stämmer det här?»): a summary read to the group, and the group's answer."""

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
    #: The changes that those who did not agree wanted.
    objections: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
