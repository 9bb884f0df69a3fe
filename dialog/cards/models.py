"""Cards, votes, and the speakers of focus groups."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..areas.models import FocusArea
from ..db import Base, UTCDateTime, utcnow
from ..meetings.models import Meeting, Stage, Table

#: Longest text of a card, in code points.
TEXT_MAX = 500


def text_hash(text: str) -> str:
    """Return the SHA-256 of a card's text, by which a late repeat is recognised."""
    return hashlib.sha256(text.encode()).hexdigest()


class Card(Base):
    """One thought (idékort)."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("meeting_id", "uuid"),
        Index("ix_card_meeting_seq", "meeting_id", "seq", unique=True),
        # A column of the wall, and how many it holds; what others wrote, newest first.
        Index("ix_card_wall", "meeting_id", "state", "area_id", "id"),
        Index("ix_card_newest", "meeting_id", "state", "id"),
        CheckConstraint(
            "state IN ('shown', 'pending', 'held', 'hidden', 'withdrawn', 'merged')", name="state"
        ),
        CheckConstraint("channel IN ('live', 'online', 'paper', 'interview', 'import')", name="channel"),
        CheckConstraint("area_source IN ('author', 'participant', 'staff', 'example')", name="area_source"),
        CheckConstraint("(author_participant_id IS NULL) <> (author_user_id IS NULL)", name="one_author"),
        CheckConstraint("length(text) BETWEEN 1 AND 500", name="text_length"),
        CheckConstraint("stands_for >= 1", name="stands_for"),
        CheckConstraint("speaker IS NULL OR speaker BETWEEN 1 AND 99", name="speaker"),
        CheckConstraint("state <> 'hidden' OR hidden_reason <> ''", name="hidden_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    #: Made on the device, so that the same thought sent twice is one card.
    uuid: Mapped[str] = mapped_column(String(36))
    #: The meeting's number of this card's latest change.
    seq: Mapped[int]
    #: shown: on the wall · pending: awaits approval · held: hidden writing · hidden: by a moderator, with a
    #: reason · withdrawn: by its author · merged: allowed by the schema, for themes.
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the text as first sent: a late repeat of it is recognised after an edit.
    sent_hash: Mapped[str] = mapped_column(String(64))
    #: The home area, which alone is counted; None is «Inget område».
    area_id: Mapped[int | None] = mapped_column(ForeignKey("focus_area.id"), index=True)
    #: Who chose the focus area. «participant» is somebody other than the author; «example» marks our own
    #: placement in the example evening.
    area_source: Mapped[str] = mapped_column(String(20), default="author")
    kind_code: Mapped[str | None] = mapped_column(ForeignKey("card_kind.code"))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_table.id"))
    round: Mapped[int | None]
    #: The stage it was written in; what was asked then.
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id", ondelete="SET NULL"))
    #: In a focus group: «deltagare 3» said it. A number within the meeting, never a name.
    speaker: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("card.id"))
    #: How many people stand behind it.
    stands_for: Mapped[int] = mapped_column(default=1)
    late: Mapped[bool] = mapped_column(default=False)
    lang: Mapped[str | None] = mapped_column(String(20))
    #: Dots, set when voting closes; None while totals are hidden.
    dots: Mapped[int | None]
    author_participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    author_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    hidden_reason: Mapped[str] = mapped_column(String(300), default="")
    #: The state it had before it was hidden, for undo.
    hidden_from: Mapped[str | None] = mapped_column(String(20))

    meeting: Mapped[Meeting] = relationship()
    area: Mapped[FocusArea | None] = relationship()
    table: Mapped[Table | None] = relationship()
    stage: Mapped[Stage | None] = relationship()


class Speaker(Base):
    """«Deltagare 3» of one focus group. Only the number is kept of who it was."""

    __tablename__ = "speaker"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 99", name="number"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    #: When they agreed to take part on the terms that were read out; None while they have not.
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When they took their consent back; nothing more is written of them.
    withdrew_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CardArea(Base):
    """A further area of a card. Nothing reads or writes it: it is here because the database has the table."""

    __tablename__ = "card_area"

    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), primary_key=True)


class Vote(Base):
    """Dots that one participant has put on one card."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("dots > 0", name="dots"),)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), primary_key=True, index=True)
    dots: Mapped[int]
