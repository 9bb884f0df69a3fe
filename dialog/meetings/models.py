"""Meetings, their stages and tables, and their participants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..areas.models import FocusArea
from ..db import Base, UTCDateTime, utcnow
from ..dialogues.models import CardKind, Dialogue

MAX_TABLES = 60
#: What the projector shows; «auto» goes with the stage.
DISPLAYS = ("auto", "join", "question", "wall", "results")


class Meeting(Base):
    """One occasion, or one period during which an online forum is open."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("form IN ('in_person', 'online', 'hybrid')", name="form"),
        CheckConstraint("state IN ('planned', 'open', 'closed')", name="state"),
        CheckConstraint("attendance_basis IN ('counted', 'estimated', 'unknown')", name="attendance_basis"),
        CheckConstraint("(attendance IS NULL) = (attendance_basis = 'unknown')", name="attendance_known"),
        CheckConstraint("attendance IS NULL OR attendance >= 0", name="attendance"),
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("display IN ('auto', 'join', 'question', 'wall', 'results')", name="display"),
        CheckConstraint("stage_left IS NULL OR stage_left >= 0", name="stage_left"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    #: The question on the phones and the projector; empty means the dialogue's own.
    question: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[str] = mapped_column(String(20), default="in_person")
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Copied from the method it was made with; a method may change or go, a meeting does not.
    method_key: Mapped[str] = mapped_column(String(40), default="")
    method_name: Mapped[str] = mapped_column(String(120), default="")
    #: Who does what in the evening, as the method names them: «Processledare, Bordsvärd …».
    roles: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    capacity: Mapped[int | None]
    attendance: Mapped[int | None]
    attendance_basis: Mapped[str] = mapped_column(String(20), default="unknown")
    #: What is known about how complete the cards are, such as «utdrag».
    completeness: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="planned")
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Eight characters, kept without hyphen; gone when the meeting has closed.
    join_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    approval: Mapped[bool] = mapped_column(default=False)
    asks_name: Mapped[bool] = mapped_column(default=False)
    dots: Mapped[int] = mapped_column(default=5)
    stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage.id", use_alter=True, name="fk_meeting_stage_id_stage")
    )
    #: When the stage began, and when its time is up. Both None in a stage without a length.
    stage_began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stage_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Seconds that were left when the timer was paused; None while it runs.
    stage_left: Mapped[int | None]
    #: Only the staff may write, vote and chat while this is set.
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The stage whose writing just ended, and until when a card begun in it is still taken, marked late.
    grace_stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage.id", use_alter=True, name="fk_meeting_grace_stage_id_stage")
    )
    grace_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    display: Mapped[str] = mapped_column(String(20), default="auto", server_default="auto")
    #: The number of the latest change of a card; the next change takes the next number.
    seq: Mapped[int] = mapped_column(default=0)
    #: The same for what is said in the chat.
    chat_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Grows with every activity and every undo, so that a second tablet sees that there is something new.
    act_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Grows when a device is sent to another table, or a message to one table begins or ends.
    place_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    #: What is being said to everybody right now.
    announcement_id: Mapped[int | None] = mapped_column(
        ForeignKey("announcement.id", use_alter=True, name="fk_meeting_announcement_id_announcement")
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    dialogue: Mapped[Dialogue] = relationship()
    stages: Mapped[list[Stage]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Stage.position",
        foreign_keys="Stage.meeting_id",
    )
    stage: Mapped[Stage | None] = relationship(foreign_keys=[stage_id], post_update=True)
    grace_stage: Mapped[Stage | None] = relationship(foreign_keys=[grace_stage_id], post_update=True)
    announcement: Mapped[Announcement | None] = relationship(foreign_keys=[announcement_id], post_update=True)
    tables: Mapped[list[Table]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="Table.number"
    )
    offered_kinds: Mapped[list[MeetingKind]] = relationship(
        cascade="all, delete-orphan", order_by="MeetingKind.position"
    )

    @property
    def kinds(self) -> list[CardKind]:
        """The kinds of card this meeting offers, in order."""
        return [offered.kind for offered in self.offered_kinds]

    @property
    def areas(self) -> list[FocusArea]:
        """The dialogue's areas; any of them is valid at any table."""
        return self.dialogue.areas

    @property
    def is_online(self) -> bool:
        """Whether the meeting happens only online, within its dates."""
        return self.form == "online"

    @property
    def has_public_address(self) -> bool:
        """Whether it can be joined from the start page, without a code."""
        return self.form in ("online", "hybrid")

    @property
    def asked(self) -> str:
        """The question that is asked right now."""
        return (self.stage.prompt if self.stage else "") or self.question or self.dialogue.question


class MeetingKind(Base):
    """A kind of card that a meeting offers."""

    __tablename__ = "meeting_kind"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    kind_code: Mapped[str] = mapped_column(ForeignKey("card_kind.code"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    kind: Mapped[CardKind] = relationship()


class Stage(Base):
    """A step of a meeting; says what participants may do while it lasts."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    #: Chose the defaults below when the stage was made; decides nothing afterwards.
    action: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int | None]
    prompt: Mapped[str] = mapped_column(Text, default="")
    #: Questions to follow up with, one a line; for whoever leads, not for the phones.
    follow_ups: Mapped[str] = mapped_column(Text, default="", server_default="")
    round: Mapped[int | None]
    #: Hidden writing: cards wait until the moderator reveals them.
    holds: Mapped[bool] = mapped_column(default=False, server_default=false())
    may_write: Mapped[bool] = mapped_column(default=False)
    may_see: Mapped[bool] = mapped_column(default=False)
    may_move: Mapped[bool] = mapped_column(default=False)
    may_vote: Mapped[bool] = mapped_column(default=False)
    may_chat: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship(back_populates="stages", foreign_keys=[meeting_id])


class Table(Base):
    """A table (bord, grupp), which may talk about one or several focus areas."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")

    meeting: Mapped[Meeting] = relationship(back_populates="tables")
    chosen_areas: Mapped[list[TableArea]] = relationship(
        cascade="all, delete-orphan", order_by="TableArea.area_id"
    )


class TableArea(Base):
    """A focus area that a table talks about."""

    __tablename__ = "table_area"

    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), primary_key=True)

    area: Mapped[FocusArea] = relationship()


class Participant(Base):
    """One device in one meeting: somebody's phone, or a tablet that a table shares. Not a person."""

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'table')", name="kind"),
        CheckConstraint("channel IN ('live', 'online')", name="channel"),
        Index("ix_participant_meeting", "meeting_id", "removed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    kind: Mapped[str] = mapped_column(String(20), default="person")
    #: How they came: by the code in the room, or by the public address. Their cards carry it on.
    channel: Mapped[str] = mapped_column(String(20), default="live")
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_table.id"))
    #: Only where the meeting asks; cleared when it closes.
    name: Mapped[str | None] = mapped_column(String(80))
    #: SHA-256 of the token; the token itself is only on the device.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    meeting: Mapped[Meeting] = relationship()


class Activity(Base):
    """Something the staff did while leading a meeting, and what it takes to undo it."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    #: Such as «card.hide» or «stage.go».
    what: Mapped[str] = mapped_column(String(40))
    #: What it was done to and how that was before; ids and settings, never the text of a card.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Announcement(Base):
    """A message from the moderator to every device, or to those of one table. The latest one stands."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index("ix_announcement_meeting", "meeting_id", "id"),
        CheckConstraint("length(text) BETWEEN 1 AND 300", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_table.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DisplayLink(Base):
    """A read-only address for the hall's projector, whose computer is not signed in."""

    __tablename__ = "display_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    meeting: Mapped[Meeting] = relationship()


class Installation(Base):
    """The one row with what belongs to this database as a whole."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    #: Changes when a backup is restored, so that every device takes a fresh snapshot.
    epoch: Mapped[str] = mapped_column(String(32))
