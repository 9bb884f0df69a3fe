"""Create users, set passwords, sign in and out. Administrators use ``account_actions``."""

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
from ..live.limits import RateLimiter
from . import passwords, queries
from .models import Membership, Organisation, SignedOut, User

#: Sign-in attempts for one e-mail address from one address block: slows guessing, locks nobody out.
SIGN_IN_LIMIT = RateLimiter(burst=5, seconds=20)


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
    """Create a user with *roles* in *organisation*, inside the caller's transaction.

    *actor* None means the system. Raises ``Invalid`` when the address is taken or the password too short.
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
    """Return the hash of a new password; raise ``Invalid`` when it is too short."""
    if len(password) < passwords.MIN_LENGTH:
        raise Invalid(
            {"password": _("The password needs at least %(least)s characters.", least=passwords.MIN_LENGTH)}
        )
    return passwords.hash_password(password)


def sign_in(email: str, password: str, address: str) -> User:
    """Sign in, or raise ``Invalid`` with the same sentence whatever was wrong."""
    email = email.strip().lower()
    wait = SIGN_IN_LIMIT.take((email, address))
    if wait:
        raise TooFast(wait)
    user = queries.user_by_email(email)
    stored = user.password_hash if user else ""
    db.session.rollback()  # frees the connection for other requests during the verification
    good = passwords.verify_password(stored, password)
    user = queries.user_by_email(email)
    if user is None or not good or user.password_hash != stored or not user.active:
        raise Invalid(message=_("The e-mail address or the password is not right."))
    SIGN_IN_LIMIT.give_back((email, address))
    with write() as session:
        user = session.get(User, user.id)
        if user is None:
            raise NotFound
        if passwords.needs_rehash(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        user.signed_in_at = utcnow()
        record(session, user, "user.sign_in", user)
    browser.clear()  # nothing of the previous visitor carries over
    browser["browser"] = secrets.token_urlsafe(12)
    login_user(user)
    return user


def sign_out(user: User) -> None:
    """Sign out in this browser and close its sockets, in whichever process they are."""
    browser_name = str(browser.get("browser", ""))
    user_id = user.id
    logout_user()
    browser.clear()
    with write() as session:
        # The session cookie has expired by then too, so the row is no longer needed.
        expired = utcnow() - current_app.permanent_session_lifetime
        session.execute(delete(SignedOut).where(SignedOut.at < expired))
        if browser_name:
            session.merge(SignedOut(user_id=user_id, browser=browser_name))
        record(session, user, "user.sign_out", user)
    live.close_browser(user_id, browser_name)


def close_sockets(user_id: int) -> None:
    """Close all sockets of a user whose rights changed; clients that still may connect reconnect."""
    live.disconnect(lambda viewer: viewer.kind == "staff" and viewer.person == user_id)


def change_own_password(user: User, current: str, new: str) -> None:
    """Set a password that *user* chose: ends all other sessions, and a temporary password."""
    if not passwords.verify_password(user.password_hash, current):
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
    """Set the password of *user* inside the caller's transaction and end all their sessions."""
    user.password_hash = hashed(password)
    user.must_change_password = temporary
    user.session_number += 1
    record(session, actor, "user.password", user, organisation_id=organisation_id)
