"""The municipality's own methods: made from a meeting, changed, removed, brought in from a file."""

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
from .method_rules import fill, seen
from .models import Method
from .permissions import may_change_method, may_keep_methods

#: What the keys of own methods begin with, so that a method that Dialog brings one day has its key free.
OWN = "own-"
#: What becomes of a method in a file whose key is taken by one of ours.
REPLACE, BOTH, SKIP = "replace", "both", "skip"


def own_key(key: str) -> str:
    """The key under which a method from elsewhere is kept here."""
    return (key if key.startswith(OWN) else OWN + key)[:40]


def taken_keys(session: Any, organisation_id: int) -> set[str]:
    return set(session.scalars(select(Method.key).where(Method.organisation_id == organisation_id)))


def _free_key(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(key for n in range(2, 10_000) if (key := f"{wanted[:34]}-{n}") not in taken)


def _key_of_name(name: str) -> str:
    plain = normalised("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return own_key(re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30] or "metod")


def keep_method(user: User, organisation_id: int, described: dict[str, Any]) -> Method:
    """A new method of the municipality's own."""
    with write() as session:
        require(may_keep_methods(user, organisation_id))
        key = _free_key(_key_of_name(described["name_sv"]), taken_keys(session, organisation_id))
        method = _add(session, organisation_id, key, described)
        record(session, user, "method.create", method, organisation_id=organisation_id)
    return method


def _add(session: Session, organisation_id: int, key: str, described: dict[str, Any]) -> Method:
    method = fill(Method(organisation_id=organisation_id, key=key, own=True), described)
    session.add(method)
    session.flush()
    return method


def change_method(user: User, method: Method, described: dict[str, Any], known: str) -> None:
    """Change one of our own; meetings that were made with it stay as they are.

    *known* is ``seen`` of when the page was drawn: ``Conflict`` when somebody changed it since.
    """
    with write() as session:
        require(may_change_method(user, method), _why_not(method))
        session.execute(select(Method.id).where(Method.id == method.id).with_for_update())
        if session.scalar(select(Method.id).where(Method.id == method.id)) is None:
            raise NotFound
        session.refresh(method)
        if seen(method) != known:
            raise Conflict(
                message=_(
                    "Somebody else changed this method meanwhile. What you wrote is still here; save again "
                    "if yours is to hold."
                )
            )
        fill(method, described)
        record(session, user, "method.change", method, organisation_id=method.organisation_id)


def remove_method(user: User, method: Method) -> None:
    """Take one of our own out of the library. Meetings carry their own copy and keep it."""
    with write() as session:
        require(may_change_method(user, method), _why_not(method))
        record(session, user, "method.remove", method, organisation_id=method.organisation_id)
        session.delete(method)


def _why_not(method: Method) -> str:
    if method.own:
        return _("Only somebody who plans dialogues here can do this.")
    return _(
        "This method is part of Dialog and stays as it is. Make a meeting with it, and save that as your own."
    )


def import_methods(
    user: User, organisation: Organisation, described: list[dict[str, Any]], choices: dict[str, str]
) -> dict[str, int]:
    """Bring in all methods of a file in one go; how many were added, replaced and left out.

    *choices* says for a key that is taken what to do; ``Invalid`` names those where nobody has chosen.
    """
    done = dict.fromkeys(("added", "replaced", "skipped"), 0)
    with write() as session:
        require(may_keep_methods(user, organisation.id))
        ours = {
            method.key: method
            for method in session.scalars(select(Method).where(Method.organisation_id == organisation.id))
        }
        taken = set(ours)
        open_ = {
            each["key"]: _("Choose what to do with it.")
            for each in described
            if own_key(each["key"]) in ours and choices.get(each["key"]) not in (REPLACE, BOTH, SKIP)
        }
        if open_:
            raise Invalid(open_)
        for each in described:
            key = own_key(each["key"])
            choice = choices.get(each["key"]) if key in ours else BOTH
            if choice == SKIP:
                done["skipped"] += 1
            elif choice == REPLACE:
                fill(ours[key], each)
                done["replaced"] += 1
            else:
                _add(session, organisation.id, key := _free_key(key, taken), each)
                taken.add(key)
                done["added"] += 1
        record(session, user, "method.import", organisation, organisation_id=organisation.id, **done)
    return done
