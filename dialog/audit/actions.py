"""Writing the audit log, always inside the transaction of the act itself."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy.orm import Session

from .models import AuditEntry


class Row(Protocol):
    """Anything with a number and a table."""

    __tablename__: str
    id: Any


def record(
    session: Session,
    actor: Row | None,
    action: str,
    target: Row,
    *,
    organisation_id: int | None = None,
    **details: Any,
) -> None:
    """Note that *actor* (None: the system itself) did *action* to *target*.

    *details* are small facts such as numbers and codes; never what a participant wrote, never an address.
    """
    session.flush()  # a new row gets its number before it is named here
    session.add(
        AuditEntry(
            actor_kind="system" if actor is None else _kind(actor),
            actor_id=None if actor is None else actor.id,
            organisation_id=organisation_id,
            action=action,
            object_kind=target.__tablename__,
            object_id=target.id,
            details=details,
        )
    )


def _kind(actor: Row) -> str:
    return "participant" if actor.__tablename__ == "participant" else "user"
