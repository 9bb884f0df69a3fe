"""Change the participation ladder, which each organisation words for itself."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..audit.actions import record
from ..db import write
from ..errors import Invalid, require
from ..people.models import Organisation, User
from ..people.permissions import is_administrator
from . import queries
from .models import ParticipationLevel


def add_level(actor: User, organisation: Organisation, **columns: Any) -> ParticipationLevel:
    """Add a level, which dialogues can then promise."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        # The code is internal: labels may change, what dialogues refer to does not.
        level = ParticipationLevel(
            organisation_id=organisation.id, code=f"own-{secrets.token_hex(4)}", **columns
        )
        session.add(level)
        record(session, actor, "level.create", level, organisation_id=organisation.id)
    return level


def change_level(actor: User, organisation: Organisation, level_id: int, **columns: Any) -> None:
    """Change the words of a level. Published reports keep the words they were published with."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        level = queries.level(organisation.id, level_id)
        for column, value in columns.items():
            setattr(level, column, value)
        record(session, actor, "level.change", level, organisation_id=organisation.id)


def remove_level(actor: User, organisation: Organisation, level_id: int) -> None:
    """Remove a level; raise ``Invalid`` when a dialogue has promised it."""
    try:
        with write() as session:
            require(is_administrator(actor, organisation.id))
            level = queries.level(organisation.id, level_id)
            record(session, actor, "level.remove", level, organisation_id=organisation.id)
            session.delete(level)
            session.flush()
    except IntegrityError:
        raise Invalid(message=_("There are dialogues on this level, so it cannot be removed.")) from None
