"""What an administrator does with the people of an organisation. Each act is one transaction."""

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

#: No letter or digit that is mistaken for another when it is read aloud or copied from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """Four groups of four, about 79 random bits: long enough to keep, easy enough to read out once."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(4)) for _group in range(4))


def add_user(
    actor: User, organisation: Organisation, *, email: str, name: str, roles: list[str]
) -> tuple[User, str]:
    """A new user and the temporary password, which is kept nowhere and shown once."""
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
    """Change roles; and name and address too where the whole account is the administrator's."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        if may_manage_account(actor, user):
            _rename(session, user, email=email.strip().lower(), name=name.strip())
        before = set(queries.roles_in(user, organisation.id))
        if "administrator" in before and "administrator" not in roles:
            _keep_an_administrator(organisation.id, user, "roles")
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
    """A temporary password for somebody who forgot theirs; they choose their own when they sign in."""
    password = temporary_password()
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        require(may_manage_account(actor, user), _not_yours())
        set_password(session, actor, user, password, temporary=True, organisation_id=organisation.id)
    close_sockets(user.id)
    return user, password


def reset_from_command_line(email: str) -> str:
    """A temporary password for whoever has this address, by the person who runs the installation."""
    password = temporary_password()
    with write() as session:
        user = queries.by_email(email)
        if user is None:
            raise NotFound
        set_password(session, None, user, password, temporary=True)
    return password


def set_active(actor: User, organisation: Organisation, user_id: int, *, active: bool) -> User:
    """Stop somebody from signing in, at once and everywhere, or let them again."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        user = queries.member(organisation.id, user_id)
        require(may_manage_account(actor, user), _not_yours())
        if not active:
            for each in {membership.organisation_id for membership in user.memberships}:
                if "administrator" in queries.roles_in(user, each):
                    _keep_an_administrator(each, user, "active")
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


def _keep_an_administrator(organisation_id: int, user: User, field: str) -> None:
    """Refuse to leave an organisation without anybody who can let people in."""
    if user.active and queries.count_administrators(organisation_id) < 2:
        raise Invalid({field: _("An organisation needs at least one administrator who can sign in.")})


def _not_yours() -> str:
    return _("This person also works for another organisation, whose administrator must do this.")
