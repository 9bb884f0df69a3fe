"""Focus areas (fokusområden)."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base

#: Number of area colours in the design tokens.
COLOURS = 12


class FocusArea(Base):
    """A lasting topic of an organisation, with two purposes and those responsible for it."""

    __tablename__ = "focus_area"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("status IN ('active', 'resting', 'ended')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    #: First purpose: concrete progress (konkreta framsteg).
    purpose_progress: Mapped[str] = mapped_column(Text, default="")
    #: Second purpose: more collaboration (ökad samverkan).
    purpose_collaboration: Mapped[str] = mapped_column(Text, default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[str] = mapped_column(String(20), default="active")
    note: Mapped[str] = mapped_column(Text, default="")
    #: Number of the area colour in the design tokens, 1–12.
    colour: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)

    responsible: Mapped[list[AreaResponsible]] = relationship(
        back_populates="area", cascade="all, delete-orphan", order_by="AreaResponsible.position"
    )


class AreaResponsible(Base):
    """A role or an organisation responsible for an area, such as «Ekonomichef» or «Visit Södra Dalarna»."""

    __tablename__ = "area_responsible"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    area: Mapped[FocusArea] = relationship(back_populates="responsible")
