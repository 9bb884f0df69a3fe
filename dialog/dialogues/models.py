"""Dialogues with their life cycle, participation levels, and the library of methods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..areas.models import FocusArea
from ..db import Base, UTCDateTime, utcnow
from ..people.models import Body, Organisation, User

#: The life cycle in order; ``cancelled`` (avbruten) stands beside it.
STATES = (
    "proposed",
    "commissioned",
    "planned",
    "invited",
    "running",
    "collected",
    "analysis",
    "report",
    "decision",
    "answered",
    "evaluated",
    "closed",
)


class CardKind(Base):
    """A kind of card, such as idea, need or question. It is data, so that municipalities can add kinds."""

    __tablename__ = "card_kind"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    label_sv: Mapped[str] = mapped_column(String(60))
    label_en: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)


class Method(Base):
    """A method for meetings. Meetings copy it and never refer to it."""

    __tablename__ = "method"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str] = mapped_column(String(40))
    name_sv: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[str]] = mapped_column(JSON)
    size_min: Mapped[int | None]
    size_ideal: Mapped[int | None]
    size_max: Mapped[int | None]
    per_table_min: Mapped[int | None]
    per_table_max: Mapped[int | None]
    roles: Mapped[list[str]] = mapped_column(JSON)
    #: ``[{"name", "minutes": int | null, "action"}]`` in order. The municipality's own methods may also give
    #: a stage its ``prompt``, its ``follow_ups`` and what participants may do in it.
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    prompts: Mapped[list[str]] = mapped_column(JSON)
    #: Codes of ``CardKind``.
    kinds: Mapped[list[str]] = mapped_column(JSON)
    harvest: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    online: Mapped[bool] = mapped_column(default=False)
    #: Created by the municipality, from a meeting or from a file.
    own: Mapped[bool] = mapped_column(default=False, server_default=false())


class ParticipationLevel(Base):
    """A level of the participation ladder (delaktighetstrappa); each organisation has its own."""

    __tablename__ = "participation_level"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(40))
    label_sv: Mapped[str] = mapped_column(String(80))
    label_en: Mapped[str] = mapped_column(String(80))
    #: What the level promises the residents, in one sentence.
    promise_sv: Mapped[str] = mapped_column(Text, default="")
    promise_en: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)


class DialogueArea(Base):
    """A focus area that is chosen for a dialogue."""

    __tablename__ = "dialogue_area"

    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    area: Mapped[FocusArea] = relationship()


class Dialogue(Base):
    """A citizen dialogue (medborgardialog): the whole process from assignment to feedback."""

    __tablename__ = "dialogue"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'commissioned', 'planned', 'invited', 'running', 'collected', 'analysis', "
            "'report', 'decision', 'answered', 'evaluated', 'closed', 'cancelled')",
            name="state",
        ),
        CheckConstraint("state <> 'cancelled' OR cancelled_reason <> ''", name="cancelled_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    can_influence: Mapped[str] = mapped_column(Text, default="")
    cannot_influence: Mapped[str] = mapped_column(Text, default="")
    level_id: Mapped[int | None] = mapped_column(ForeignKey("participation_level.id"))
    target_group: Mapped[str] = mapped_column(Text, default="")
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    official_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_date: Mapped[date | None]
    case_number: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    #: An example of how Dialog works, marked as such on every page.
    example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    organisation: Mapped[Organisation] = relationship()
    level: Mapped[ParticipationLevel | None] = relationship()
    body: Mapped[Body | None] = relationship()
    official: Mapped[User | None] = relationship()
    chosen_areas: Mapped[list[DialogueArea]] = relationship(
        cascade="all, delete-orphan", order_by="DialogueArea.position"
    )

    @property
    def areas(self) -> list[FocusArea]:
        """Return the focus areas of the dialogue, in order."""
        return [chosen.area for chosen in self.chosen_areas]
