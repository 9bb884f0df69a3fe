"""Making users, setting passwords, signing in and out. What administrators do is in ``administration``."""

from __future__ import annotations

import secrets

from flask import current_app
from flask import session as browser
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .. import live
from ..audit.actions import record
from ..db import db, utcnow, write
from ..errors import Invalid, NotFound, TooFast
from ..live import channels
from ..live.limits import Limit
from . import passwords, queries
from .models import Membership, Organisation, SignedOut, User

#: Tries at one address from one address block: slows down guessing without ever locking a person out.
TRIES = Limit(burst=5, seconds=20)


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    organisation: Organisation,
    roles: list[str],
    actor: User | None = None,
) -> User:
    """A user with *roles* in *organisation*, inside the caller's transaction; *actor* None: the system.

    Raises ``Invalid`` when the address is taken or the password too short.
    """
    email = email.strip().lower()
    if session.scalar(select(User.id).where(User.email == email)):
        raise Invalid({"email": _("There is already somebody with this e-mail address.")})
    user = User(email=email, name=name.strip(), password_hash=hashed(password))
    session.add(user)
    session.flush()
    for role in roles:
        session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role))
    record(session, actor, "user.create", user, organisation_id=organisation.id, roles=roles)
    session.flush()
    return user


def hashed(password: str) -> str:
    """The hash of a password that is long enough, else ``Invalid``."""
    if len(password) < passwords.SHORTEST:
        raise Invalid(
            {"password": _("The password needs at least %(least)s characters.", least=passwords.SHORTEST)}
        )
    return passwords.hash_password(password)


def sign_in(email: str, password: str, address: str) -> User:
    """Sign in, or raise ``Invalid`` with one and the same sentence whatever was wrong."""
    email = email.strip().lower()
    wait = TRIES.take((email, address))
    if wait:
        raise TooFast(wait)
    user = queries.by_email(email)
    stored = user.password_hash if user else ""
    db.session.rollback()  # others may sign in meanwhile, and need its connection
    good = passwords.matches(stored, password)
    user = queries.by_email(email)
    if user is None or not good or user.password_hash != stored or not user.active:
        raise Invalid(message=_("The e-mail address or the password is not right."))
    TRIES.give_back((email, address))
    with write() as session:
        user = session.get(User, user.id)
        if user is None:
            raise NotFound
        if passwords.outdated(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        user.signed_in_at = utcnow()
        record(session, user, "user.sign_in", user)
    browser.clear()  # nothing of the visitor before carries over
    browser["browser"] = secrets.token_urlsafe(12)
    login_user(user)
    return user


def sign_out(user: User) -> None:
    """Sign out in this browser and close its sockets, in whichever process they are."""
    here = str(browser.get("browser", ""))
    number = user.id
    logout_user()
    browser.clear()
    with write() as session:
        # A cookie that old is no longer good either, so nobody needs to be told.
        forgotten = utcnow() - current_app.permanent_session_lifetime
        session.execute(delete(SignedOut).where(SignedOut.at < forgotten))
        if here:
            session.merge(SignedOut(user_id=number, browser=here))
        record(session, user, "user.sign_out", user)
    live.signed_out(number, here)


def close_sockets(user_id: int) -> None:
    """Close all sockets of a user whose rights changed; those who may still look come back by themselves."""
    channels.disconnect(lambda viewer: viewer.kind == "staff" and viewer.person == user_id)


def change_own_password(user: User, current: str, new: str) -> None:
    """Let *user* choose a new password: signs out everywhere else, and ends a temporary password."""
    if not passwords.matches(user.password_hash, current):
        raise Invalid({"current": _("This is not your password.")})
    if new == current:
        raise Invalid({"password": _("Choose another password than the one you have.")})
    with write() as session:
        set_password(session, user, user, new, temporary=False)
    close_sockets(user.id)
    login_user(user)


def set_password(
    session: Session,
    actor: User | None,
    user: User,
    password: str,
    *,
    temporary: bool,
    organisation_id: int | None = None,
) -> None:
    """Give *user* a new password inside the caller's transaction; every session of theirs ends."""
    user.password_hash = hashed(password)
    user.must_change_password = temporary
    user.session_number += 1
    record(session, actor, "user.password", user, organisation_id=organisation_id)
