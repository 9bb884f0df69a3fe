"""Change an organisation's name, colour, bodies and notices, as its administrator."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import utcnow, write
from ..errors import Invalid, NotFound, require
from . import notices, queries
from .models import AccessibilityStatement, Body, Organisation, PrivacyNotice, User
from .permissions import is_administrator


def change_organisation(actor: User, organisation: Organisation, *, name: str, colour: str) -> None:
    """Change name and colour; raise ``Invalid`` when another organisation has the name."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        taken = select(Organisation.id).where(Organisation.name == name, Organisation.id != organisation.id)
        if session.scalar(taken) is not None:
            raise Invalid({"name": _("There is already an organisation with this name.")})
        organisation.name, organisation.colour = name, colour
        record(session, actor, "organisation.change", organisation, organisation_id=organisation.id)


def add_body(actor: User, organisation: Organisation, *, name: str, kind: str) -> Body:
    """Add a council, board or committee; raise ``Invalid`` when its name is taken."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        _check_free_name(session, organisation, name)
        body = Body(organisation_id=organisation.id, name=name, kind=kind)
        session.add(body)
        record(session, actor, "body.create", body, organisation_id=organisation.id)
    return body


def change_body(actor: User, organisation: Organisation, body_id: int, *, name: str, kind: str) -> Body:
    with write() as session:
        require(is_administrator(actor, organisation.id))
        body = queries.body(organisation.id, body_id)
        _check_free_name(session, organisation, name, body)
        body.name, body.kind = name, kind
        record(session, actor, "body.change", body, organisation_id=organisation.id)
    return body


def remove_body(actor: User, organisation: Organisation, body_id: int) -> None:
    """Remove a body; raise ``Invalid`` when something refers to it."""
    try:
        with write() as session:
            require(is_administrator(actor, organisation.id))
            body = queries.body(organisation.id, body_id)
            record(session, actor, "body.remove", body, organisation_id=organisation.id)
            session.delete(body)
            session.flush()
    except IntegrityError:
        # Tables of higher layers refer to bodies; only the database knows which.
        raise Invalid(
            message=_("This body has dialogues and cannot be removed. Rename it instead.")
        ) from None


def add_default_notices(session: Session, organisation: Organisation) -> None:
    """Add the notices that *organisation* lacks, inside the caller's transaction."""
    if session.get(PrivacyNotice, organisation.id) is None:
        texts = notices.default_texts("privacy", organisation)
        session.add(PrivacyNotice(organisation_id=organisation.id, **texts))
    if session.get(AccessibilityStatement, organisation.id) is None:
        texts = notices.default_texts("accessibility", organisation)
        session.add(AccessibilityStatement(organisation_id=organisation.id, **texts))
    session.flush()


def change_notices(
    actor: User, organisation: Organisation, privacy: dict[str, str], accessibility: dict[str, str]
) -> bool:
    """Save both notices; return whether anything changed."""
    with write() as session:
        require(is_administrator(actor, organisation.id))
        if organisation.privacy is None or organisation.accessibility is None:
            raise NotFound
        changed = [
            notice
            for notice, texts in (
                (organisation.privacy, privacy),
                (organisation.accessibility, accessibility),
            )
            if _update_notice(notice, texts)
        ]
        if changed:
            record(
                session,
                actor,
                "organisation.notices",
                organisation,
                organisation_id=organisation.id,
                notices=[notice.__tablename__ for notice in changed],
            )
    return bool(changed)


def _update_notice(notice: PrivacyNotice | AccessibilityStatement, texts: dict[str, str]) -> bool:
    if all(getattr(notice, name) == text for name, text in texts.items()):
        return False
    for name, text in texts.items():
        setattr(notice, name, text)
    notice.changed_at = utcnow()
    return True


def _check_free_name(
    session: Session, organisation: Organisation, name: str, body: Body | None = None
) -> None:
    query = select(Body.id).where(Body.organisation_id == organisation.id, Body.name == name)
    if body is not None:
        query = query.where(Body.id != body.id)
    if session.scalar(query) is not None:
        raise Invalid({"name": _("There is already a body with this name.")})
