"""Organisations, their bodies, and the people who work for them."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, utcnow

ROLES = ("administrator", "moderator", "official", "politician")
ASSIGNMENT_ROLES = ("moderator", "official")


class Organisation(Base):
    """A municipality (kommun) or an association of municipalities (förbund). It owns all other rows."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("kind IN ('municipality', 'association')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="municipality")
    #: ``#rrggbb``, the organisation's dark main colour. Empty means Dialog's own.
    colour: Mapped[str] = mapped_column(String(7), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    privacy: Mapped[PrivacyNotice] = relationship(
        back_populates="organisation", uselist=False, cascade="all, delete-orphan"
    )
    accessibility: Mapped[AccessibilityStatement] = relationship(
        back_populates="organisation", uselist=False, cascade="all, delete-orphan"
    )


class PrivacyNotice(Base):
    """The notice on personal data that a resident can read before sending anything (GDPR article 13)."""

    __tablename__ = "privacy_notice"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    controller: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    retention: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    organisation: Mapped[Organisation] = relationship(back_populates="privacy")


class AccessibilityStatement(Base):
    """The accessibility statement (tillgänglighetsredogörelse) that the Swedish act 2018:1937 requires."""

    __tablename__ = "accessibility_statement"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    conformance: Mapped[str] = mapped_column(Text)
    known_gaps: Mapped[str] = mapped_column(Text)
    how_tested: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    organisation: Mapped[Organisation] = relationship(back_populates="accessibility")


class Body(Base):
    """A council, executive board, committee or drafting committee that commissions and decides."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("kind IN ('council', 'executive', 'committee', 'drafting')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="committee")

    organisation: Mapped[Organisation] = relationship()


class User(Base, UserMixin):
    """A person who signs in. Residents never do."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Stored and compared in lower case.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: argon2id; while it is empty, nobody can sign in with a password.
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    #: Part of the signed session: raising it ends all the user's sessions.
    session_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", cascade="all, delete-orphan")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="user", cascade="all, delete-orphan")

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return f"{self.id}.{self.session_number}"


class SignedOut(Base):
    """A browser in which a user signed out. It makes a copy of the session cookie worthless.

    Every process reads this table, so sockets of other processes close at the next heartbeat.
    """

    __tablename__ = "signed_out"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    #: Random name that the browser received at sign-in.
    browser: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)


class Membership(Base):
    """A role that a user has in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role"),
        CheckConstraint("role IN ('administrator', 'moderator', 'official', 'politician')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class Assignment(Base):
    """The role of a user in one dialogue."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "dialogue_id", "role"),
        CheckConstraint("role IN ('moderator', 'official')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship(back_populates="assignments")
