"""Find dialogues, levels and methods, scoped to the user."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..errors import NotFound
from ..people.models import Assignment, Membership, User
from ..people.permissions import is_administrator
from .models import CardKind, Dialogue, DialogueArea, Method, ParticipationLevel


def _dialogues() -> Select[Dialogue]:
    return select(Dialogue).options(
        joinedload(Dialogue.organisation),
        joinedload(Dialogue.level),
        joinedload(Dialogue.body),
        joinedload(Dialogue.official),
        selectinload(Dialogue.chosen_areas).joinedload(DialogueArea.area),
    )


def dialogues_of(user: User, organisation_id: int) -> list[Dialogue]:
    """Return the dialogues that *user* is assigned to, or all for an administrator; the newest first."""
    query = _dialogues().where(Dialogue.organisation_id == organisation_id).order_by(Dialogue.id.desc())
    if not is_administrator(user, organisation_id):
        query = query.where(
            Dialogue.id.in_(select(Assignment.dialogue_id).where(Assignment.user_id == user.id))
        )
    return list(db.session.scalars(query))


def dialogue_for(user: User, dialogue_id: int) -> Dialogue:
    """Return a dialogue of an organisation where *user* is a member; raise ``NotFound`` for all others."""
    own = select(Membership.organisation_id).where(Membership.user_id == user.id)
    dialogue = db.session.scalar(
        _dialogues().where(Dialogue.id == dialogue_id, Dialogue.organisation_id.in_(own))
    )
    if dialogue is None:
        raise NotFound
    return dialogue


def team_of(dialogue_id: int) -> list[Assignment]:
    """Return the assignments of the dialogue, by the users' names."""
    query = (
        select(Assignment)
        .join(Assignment.user)
        .options(joinedload(Assignment.user))
        .where(Assignment.dialogue_id == dialogue_id)
        .order_by(User.name, Assignment.role)
    )
    return list(db.session.scalars(query))


def levels_of(organisation_id: int) -> list[ParticipationLevel]:
    """Return the participation levels of the organisation, the lowest first."""
    query = (
        select(ParticipationLevel)
        .where(ParticipationLevel.organisation_id == organisation_id)
        .order_by(ParticipationLevel.position, ParticipationLevel.id)
    )
    return list(db.session.scalars(query))


def level(organisation_id: int, level_id: int) -> ParticipationLevel:
    """Return a level of the organisation; raise ``NotFound`` when it belongs to another."""
    found = db.session.scalar(
        select(ParticipationLevel).where(
            ParticipationLevel.id == level_id, ParticipationLevel.organisation_id == organisation_id
        )
    )
    if found is None:
        raise NotFound
    return found


def methods_of(organisation_id: int) -> list[Method]:
    """Return the organisation's methods, in the order they were added."""
    query = select(Method).where(Method.organisation_id == organisation_id).order_by(Method.id)
    return list(db.session.scalars(query))


def method_for(user: User, method_id: int) -> Method:
    """Return a method of an organisation where *user* is a member; raise ``NotFound`` for all others."""
    own = select(Membership.organisation_id).where(Membership.user_id == user.id)
    method = db.session.scalar(select(Method).where(Method.id == method_id, Method.organisation_id.in_(own)))
    if method is None:
        raise NotFound
    return method


def kinds_by_code() -> dict[str, CardKind]:
    """Return all kinds of card by code, in order."""
    return {kind.code: kind for kind in db.session.scalars(select(CardKind).order_by(CardKind.position))}
