"""Manage the accounts of an organisation's people, as its administrator. Each action is one transaction."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import write
from ..errors import Invalid, NotFound, require
from . import queries
from .actions import close_sockets, create_user, set_password
from .models import Membership, Organisation, User
from .permissions import is_administrator, may_manage_account

#: Without letters and digits that are easily confused when read aloud or copied from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """Return four groups of four characters: about 79 random bits, and easy to read aloud."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(4)) for _group in range(4))


def add_user(
    actor: User, organisation: Organisation, *, email: str, name: str, roles: list[str]
) -> tuple[User, str]:
    """Create a user; return them with a temporary password, which is stored nowhere and shown once."""
    password = temporary_password()
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = create_user(
            session,
            email=email,
            name=name,
            password=password,
            organisation=organisation,
            roles=roles,
            actor=actor,
        )
        user.must_change_password = True
    return user, password


def change_user(
    actor: User, organisation: Organisation, user_id: int, *, email: str, name: str, roles: list[str]
) -> User:
    """Change roles; change name and address too if *actor* may manage the whole account."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        if may_manage_account(actor, user):
            _rename(session, user, email=email.strip().lower(), name=name.strip())
        before = set(queries.roles_in(user, organisation.id))
        if "administrator" in before and "administrator" not in roles:
            _require_another_administrator(organisation.id, user, "roles")
        for membership in list(user.memberships):
            if membership.organisation_id == organisation.id and membership.role not in roles:
                user.memberships.remove(membership)
        for role in roles:
            if role not in before:
                user.memberships.append(Membership(organisation_id=organisation.id, role=role))
        record(session, actor, "user.change", user, organisation_id=organisation.id, roles=sorted(roles))
    close_sockets(user.id)
    return user


def reset_password(actor: User, organisation: Organisation, user_id: int) -> tuple[User, str]:
    """Set a temporary password for somebody who forgot theirs; they choose their own when they sign in."""
    password = temporary_password()
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        require(may_manage_account(actor, user), _not_manageable())
        set_password(session, actor, user, password, temporary=True, organisation_id=organisation.id)
    close_sockets(user.id)
    return user, password


def reset_from_command_line(email: str) -> str:
    """Set a temporary password for the user with *email*, on behalf of the installation's operator."""
    password = temporary_password()
    with write() as session:
        user = queries.user_by_email(email)
        if user is None:
            raise NotFound
        set_password(session, None, user, password, temporary=True)
    return password


def set_active(actor: User, organisation: Organisation, user_id: int, *, active: bool) -> User:
    """Deactivate an account, at once and in every session, or activate it again."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        require(may_manage_account(actor, user), _not_manageable())
        if not active:
            for organisation_id in {membership.organisation_id for membership in user.memberships}:
                if "administrator" in queries.roles_in(user, organisation_id):
                    _require_another_administrator(organisation_id, user, "active")
        user.active = active
        user.session_number += 1
        record(
            session,
            actor,
            "user.activate" if active else "user.deactivate",
            user,
            organisation_id=organisation.id,
        )
    close_sockets(user.id)
    return user


def _rename(session: Session, user: User, *, email: str, name: str) -> None:
    taken = select(User.id).where(User.email == email, User.id != user.id)
    if session.scalar(taken) is not None:
        raise Invalid({"email": _("There is already somebody with this e-mail address.")})
    user.email, user.name = email, name


def _require_another_administrator(organisation_id: int, user: User, field: str) -> None:
    """Raise ``Invalid`` if *user* is the last administrator who can sign in."""
    if user.active and queries.count_administrators(organisation_id) < 2:
        raise Invalid({field: _("An organisation needs at least one administrator who can sign in.")})


def _not_manageable() -> str:
    return _("This person also works for another organisation, whose administrator must do this.")
