"""Permissions of users: plain functions of a user and a thing."""

from __future__ import annotations

from .models import User


def has_role(user: User | None, organisation_id: int, *roles: str) -> bool:
    """Return whether *user* is signed in and has one of *roles* (any role, when none is named)."""
    return user is not None and any(
        membership.organisation_id == organisation_id and (not roles or membership.role in roles)
        for membership in user.memberships
    )


def is_administrator(user: User | None, organisation_id: int) -> bool:
    return has_role(user, organisation_id, "administrator")


def is_assigned(user: User | None, dialogue_id: int, *roles: str) -> bool:
    """Return whether *user* is assigned to this dialogue in one of *roles* (any, when none is named)."""
    return user is not None and any(
        assignment.dialogue_id == dialogue_id and (not roles or assignment.role in roles)
        for assignment in user.assignments
    )


def may_work_in(user: User | None, organisation_id: int, dialogue_id: int) -> bool:
    """Return whether *user* is assigned to the dialogue or administers its organisation."""
    return is_administrator(user, organisation_id) or (
        has_role(user, organisation_id, "moderator", "official") and is_assigned(user, dialogue_id)
    )


def may_manage_account(actor: User | None, user: User) -> bool:
    """Return whether *actor* may reset the password of *user*, stop the account or change its address.

    *actor* must administer every organisation where *user* is a member, because an administrator who sets a
    password can sign in as that person everywhere.
    """
    return bool(user.memberships) and all(
        is_administrator(actor, membership.organisation_id) for membership in user.memberships
    )
