"""Frozen versions of a report, and the files that are made from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, utcnow
from ..dialogues.models import Dialogue


class Report(Base):
    """A version of a report (sammanställning). Its snapshot is written once; only its state changes."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("dialogue_id", "number"),
        CheckConstraint("state IN ('draft', 'reviewed', 'published', 'withdrawn')", name="state"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_reason"),
        CheckConstraint(
            "state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL", name="published_at"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"))
    #: 1, 2, 3 … within the dialogue.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    #: Canonical JSON; None once retention has cleared it. Number, checksum and reason stay.
    snapshot: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    dialogue: Mapped[Dialogue] = relationship()


class ReportFile(Base):
    """A rendered file of a version. It is stored as a row because workers share no disk."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("report_id", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    format: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    report: Mapped[Report] = relationship()
