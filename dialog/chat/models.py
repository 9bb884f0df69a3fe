"""Chat messages, questions and the lines of the parking lot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, UTCDateTime, utcnow

#: chat: talk · question: wants an answer · parking: does not fit now, and is not to be forgotten.
#: Longest text of a message, in code points; that of a card, which it may become.
TEXT_MAX = 500


class ChatMessage(Base):
    """One message in a meeting's chat (chatt), or a line of its parking lot (parkering)."""

    __tablename__ = "chat_message"
    __table_args__ = (
        UniqueConstraint("meeting_id", "uuid"),
        Index("ix_chat_message_meeting_seq", "meeting_id", "seq", unique=True),
        CheckConstraint("kind IN ('chat', 'question', 'parking')", name="kind"),
        CheckConstraint("state IN ('shown', 'pending', 'hidden')", name="state"),
        CheckConstraint("state <> 'hidden' OR hidden_reason <> ''", name="hidden_reason"),
        CheckConstraint("(author_participant_id IS NULL) <> (author_user_id IS NULL)", name="one_author"),
        CheckConstraint("length(text) BETWEEN 1 AND 500", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    uuid: Mapped[str] = mapped_column(String(36))
    #: The meeting's ``chat_seq`` at its latest change.
    seq: Mapped[int]
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id", ondelete="SET NULL"))
    #: chat: talk · question: wants an answer · parking: does not fit now, and is not to be forgotten.
    kind: Mapped[str] = mapped_column(String(20), default="chat")
    #: As for cards; a message that became a card stays shown and points at it.
    state: Mapped[str] = mapped_column(String(20), default="shown")
    text: Mapped[str] = mapped_column(Text)
    author_participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    author_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    hidden_reason: Mapped[str] = mapped_column(String(300), default="")
    #: A question that was answered, or a parked thing that was taken up: what was said or done.
    answer: Mapped[str] = mapped_column(Text, default="")
    #: The card that it became.
    card_id: Mapped[int | None] = mapped_column(ForeignKey("card.id"))
