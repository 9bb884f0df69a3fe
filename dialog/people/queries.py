"""Find users, organisations and bodies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..errors import NotFound
from .models import Body, Membership, Organisation, SignedOut, User


def session_user(session_id: str, browser: str) -> User | None:
    """Return the user of a signed session id in a browser; None when the session is no longer valid."""
    number, _, version = session_id.partition(".")
    if not (number.isdecimal() and version.isdecimal() and len(number) < 19):
        return None
    user = db.session.get(
        User, int(number), options=[selectinload(User.memberships), selectinload(User.assignments)]
    )
    if user is None or not user.active or user.session_number != int(version):
        return None
    return None if has_signed_out(user.id, browser) else user


def has_signed_out(user_id: int, browser: str) -> bool:
    """Return whether the user has signed out in this browser since signing in there."""
    query = select(SignedOut.user_id).where(SignedOut.user_id == user_id, SignedOut.browser == browser)
    return db.session.scalar(query) is not None


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def organisations_of(user: User) -> list[Organisation]:
    """Return the organisations where *user* is a member, by name."""
    query = (
        select(Organisation)
        .where(Organisation.id.in_(select(Membership.organisation_id).where(Membership.user_id == user.id)))
        .order_by(Organisation.name)
    )
    return list(db.session.scalars(query))


def organisation_by_id(organisation_id: int) -> Organisation:
    """Return the organisation with its notices, for public pages; raise ``NotFound`` if there is none."""
    query = (
        select(Organisation)
        .options(joinedload(Organisation.privacy), joinedload(Organisation.accessibility))
        .where(Organisation.id == organisation_id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def members_of(organisation_id: int) -> list[User]:
    """Return all users with a role in the organisation, by name; deactivated ones last."""
    query = (
        select(User)
        .options(selectinload(User.memberships))
        .where(User.id.in_(select(Membership.user_id).where(Membership.organisation_id == organisation_id)))
        .order_by(User.active.desc(), User.name, User.id)
    )
    return list(db.session.scalars(query))


def member(organisation_id: int, user_id: int) -> User:
    """Return a member of the organisation; raise ``NotFound`` for everybody else."""
    query = (
        select(User)
        .options(selectinload(User.memberships))
        .where(User.id == user_id)
        .where(User.memberships.any(Membership.organisation_id == organisation_id))
    )
    user = db.session.scalar(query)
    if user is None:
        raise NotFound
    return user


def with_roles(organisation_id: int, roles: Sequence[str]) -> list[User]:
    """Return the active users with one of *roles* in the organisation, by name."""
    query = (
        select(User)
        .where(User.active)
        .where(
            User.memberships.any((Membership.organisation_id == organisation_id) & Membership.role.in_(roles))
        )
        .order_by(User.name, User.id)
    )
    return list(db.session.scalars(query))


def roles_in(user: User, organisation_id: int) -> list[str]:
    """Return the roles of *user* in the organisation."""
    return [each.role for each in user.memberships if each.organisation_id == organisation_id]


def count_administrators(organisation_id: int) -> int:
    """Return how many administrators of the organisation can sign in."""
    query = select(func.count(User.id)).where(
        User.active,
        User.memberships.any(
            (Membership.organisation_id == organisation_id) & (Membership.role == "administrator")
        ),
    )
    return db.session.scalar(query) or 0


def bodies_of(organisation_id: int) -> list[Body]:
    return list(
        db.session.scalars(select(Body).where(Body.organisation_id == organisation_id).order_by(Body.name))
    )


def body(organisation_id: int, body_id: int) -> Body:
    """Return a body of the organisation; raise ``NotFound`` when it belongs to another."""
    found = db.session.scalar(select(Body).where(Body.id == body_id, Body.organisation_id == organisation_id))
    if found is None:
        raise NotFound
    return found
