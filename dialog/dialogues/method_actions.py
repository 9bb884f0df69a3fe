"""Create, change, remove and import the municipality's own methods."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import write
from ..errors import Conflict, Invalid, NotFound, require
from ..people.models import Organisation, User
from ..text import normalised
from .method_format import fill_method, method_version
from .models import Method
from .permissions import may_change_method, may_manage_methods

#: Prefix of the keys of own methods, which keeps other keys free for methods that Dialog adds later.
OWN_PREFIX = "own-"
#: Choices for an imported method whose key is taken by an existing one.
REPLACE, BOTH, SKIP = "replace", "both", "skip"


def own_key(key: str) -> str:
    """Return the key under which an imported method is stored."""
    return (key if key.startswith(OWN_PREFIX) else OWN_PREFIX + key)[:40]


def taken_keys(session: Any, organisation_id: int) -> set[str]:
    return set(session.scalars(select(Method.key).where(Method.organisation_id == organisation_id)))


def _free_key(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(key for n in range(2, 10_000) if (key := f"{wanted[:34]}-{n}") not in taken)


def _key_of_name(name: str) -> str:
    plain = normalised("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return own_key(re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30] or "metod")


def create_method(user: User, organisation_id: int, described: dict[str, Any]) -> Method:
    """Create a method from the dict *described*."""
    with write() as session:
        require(may_manage_methods(user, organisation_id))
        key = _free_key(_key_of_name(described["name_sv"]), taken_keys(session, organisation_id))
        method = _add(session, organisation_id, key, described)
        record(session, user, "method.create", method, organisation_id=organisation_id)
    return method


def _add(session: Session, organisation_id: int, key: str, described: dict[str, Any]) -> Method:
    method = fill_method(Method(organisation_id=organisation_id, key=key, own=True), described)
    session.add(method)
    session.flush()
    return method


def change_method(user: User, method: Method, described: dict[str, Any], known: str) -> None:
    """Change an own method; meetings that were made with it stay as they are.

    *known* is the ``method_version`` that the page showed; raises ``Conflict`` when it has changed since.
    """
    with write() as session:
        require(may_change_method(user, method), _refusal(method))
        if session.get(Method, method.id, populate_existing=True, with_for_update=True) is None:
            raise NotFound
        if method_version(method) != known:
            raise Conflict(
                message=_(
                    "Somebody else changed this method meanwhile. What you wrote is still here; save again "
                    "if yours is to hold."
                )
            )
        fill_method(method, described)
        record(session, user, "method.change", method, organisation_id=method.organisation_id)


def remove_method(user: User, method: Method) -> None:
    """Remove an own method from the library. Meetings keep their own copy."""
    with write() as session:
        require(may_change_method(user, method), _refusal(method))
        record(session, user, "method.remove", method, organisation_id=method.organisation_id)
        session.delete(method)


def _refusal(method: Method) -> str:
    if method.own:
        return _("Only somebody who plans dialogues here can do this.")
    return _(
        "This method is part of Dialog and stays as it is. Make a meeting with it, and save that as your own."
    )


def import_methods(
    user: User, organisation: Organisation, described: list[dict[str, Any]], choices: dict[str, str]
) -> dict[str, int]:
    """Import all methods of a file; return how many were added, replaced and skipped.

    *choices* maps keys that are taken to REPLACE, BOTH or SKIP; raises ``Invalid`` for keys without a choice.
    """
    done = dict.fromkeys(("added", "replaced", "skipped"), 0)
    with write() as session:
        require(may_manage_methods(user, organisation.id))
        existing = {
            method.key: method
            for method in session.scalars(select(Method).where(Method.organisation_id == organisation.id))
        }
        taken = set(existing)
        undecided = {
            each["key"]: _("Choose what to do with it.")
            for each in described
            if own_key(each["key"]) in existing and choices.get(each["key"]) not in (REPLACE, BOTH, SKIP)
        }
        if undecided:
            raise Invalid(undecided)
        for each in described:
            key = own_key(each["key"])
            choice = choices.get(each["key"]) if key in existing else BOTH
            if choice == SKIP:
                done["skipped"] += 1
            elif choice == REPLACE:
                fill_method(existing[key], each)
                done["replaced"] += 1
            else:
                _add(session, organisation.id, key := _free_key(key, taken), each)
                taken.add(key)
                done["added"] += 1
        record(session, user, "method.import", organisation, organisation_id=organisation.id, **done)
    return done
