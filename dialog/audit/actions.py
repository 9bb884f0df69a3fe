"""Write the audit log, always inside the transaction of the action itself."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy.orm import Session

from .models import AuditEntry


class AuditedRow(Protocol):
    """Any row that has an id and a table name."""

    __tablename__: str

    @property
    def id(self) -> Any: ...


def record(
    session: Session,
    actor: AuditedRow | None,
    action: str,
    target: AuditedRow,
    *,
    organisation_id: int | None = None,
    **details: Any,
) -> None:
    """Record that *actor* (None: the system itself) did *action* to *target*.

    *details* are small facts such as numbers and codes; never what a participant wrote, never an address.
    """
    session.flush()  # gives a new row its id before the entry refers to it
    session.add(
        AuditEntry(
            actor_kind="system" if actor is None else _actor_kind(actor),
            actor_id=None if actor is None else actor.id,
            organisation_id=organisation_id,
            action=action,
            object_kind=target.__tablename__,
            object_id=target.id,
            details=details,
        )
    )


def _actor_kind(actor: AuditedRow) -> str:
    return "participant" if actor.__tablename__ == "participant" else "user"
