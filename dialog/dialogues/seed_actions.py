"""Add what Dialog brings along to the database: kinds of card, participation levels, methods and notices."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..db import write
from ..people.actions import create_user
from ..people.models import Organisation, User
from ..people.organisation_actions import add_default_notices
from .method_library import MethodTemplate, card_kinds, levels, templates
from .models import CardKind, Method, ParticipationLevel


def add_card_kinds(session: Session) -> None:
    """Add the kinds of card that are missing, inside the caller's transaction; keep existing ones."""
    existing = set(session.scalars(select(CardKind.code)))
    for position, kind in enumerate(card_kinds()):
        if kind["code"] not in existing:
            session.add(
                CardKind(
                    code=kind["code"],
                    label_sv=kind["label_sv"],
                    label_en=kind["label_en"],
                    position=position,
                )
            )
    session.flush()


def add_library(session: Session, organisation: Organisation) -> None:
    """Add levels, methods and notices to *organisation*, inside the caller's transaction.

    It may be called again after an upgrade: it adds what is missing and keeps what the organisation changed.
    """
    session.flush()
    add_card_kinds(session)
    add_default_notices(session, organisation)
    codes = select(ParticipationLevel.code).where(ParticipationLevel.organisation_id == organisation.id)
    existing = set(session.scalars(codes))
    for position, level in enumerate(levels()):
        if level["code"] not in existing:
            session.add(ParticipationLevel(organisation_id=organisation.id, position=position, **level))
    existing = set(session.scalars(select(Method.key).where(Method.organisation_id == organisation.id)))
    for template in templates():
        if template.key not in existing:
            session.add(_method(template, organisation))
    session.flush()


def create_user_in(organisation_name: str, *, email: str, name: str, password: str, roles: list[str]) -> User:
    """Create a user on behalf of the installation's operator, and the organisation if it does not exist."""
    with write() as session:
        organisation = session.scalar(select(Organisation).where(Organisation.name == organisation_name))
        if organisation is None:
            organisation = Organisation(name=organisation_name)
            session.add(organisation)
            add_library(session, organisation)
        return create_user(
            session, email=email, name=name, password=password, organisation=organisation, roles=roles
        )


def _method(template: MethodTemplate, organisation: Organisation) -> Method:
    per_table = template.size.get("per_table") or (None, None)
    return Method(
        organisation_id=organisation.id,
        key=template.key,
        name_sv=template.name_sv,
        name_en=template.name_en,
        purpose=template.purpose,
        levels=list(template.levels),
        size_min=template.size["min"],
        size_ideal=template.size["ideal"],
        size_max=template.size["max"],
        per_table_min=per_table[0],
        per_table_max=per_table[1],
        roles=list(template.roles),
        stages=[dict(stage) for stage in template.stages],
        prompts=list(template.prompts),
        kinds=list(template.kinds),
        harvest=template.harvest,
        basis=template.basis,
        online=template.online,
    )
