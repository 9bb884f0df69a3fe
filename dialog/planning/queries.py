"""Find what planning needs: the user's dialogues and meetings, methods, and kinds of card."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..dialogues.models import CardKind, Dialogue, Method
from ..errors import NotFound
from ..meetings.models import DisplayLink, Meeting
from ..meetings.permissions import may_lead_in
from ..meetings.queries import last_ended_link
from ..meetings.tokens import token_hash, token_of_copy
from ..people.models import User
from ..web.settings import settings_of


def dialogue_for(user: User | None, dialogue_id: int) -> Dialogue:
    """Return the dialogue for somebody who may plan its meetings; ``NotFound`` for everyone else."""
    dialogue = db.session.get(Dialogue, dialogue_id)
    if dialogue is None or not may_lead_in(user, dialogue):
        raise NotFound
    return dialogue


def method_by_key(organisation_id: int, key: str | None) -> Method | None:
    """Return the organisation's method with this key, or None."""
    return db.session.scalar(
        select(Method).where(Method.organisation_id == organisation_id, Method.key == key)
    )


def card_kinds() -> list[CardKind]:
    """Return every kind of card, in order."""
    return list(db.session.scalars(select(CardKind).order_by(CardKind.position, CardKind.code)))


def meetings_led_by(user: User) -> list[Meeting]:
    """Return every meeting that *user* may plan and lead, the latest first."""
    administered = {each.organisation_id for each in user.memberships if each.role == "administrator"}
    assigned = {each.dialogue_id for each in user.assignments}
    query = (
        select(Meeting)
        .join(Meeting.dialogue)
        .options(joinedload(Meeting.dialogue), selectinload(Meeting.stages))
        .where(or_(Dialogue.organisation_id.in_(administered), Dialogue.id.in_(assigned)))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
    return [meeting for meeting in db.session.scalars(query) if may_lead_in(user, meeting.dialogue)]


def has_display_link(meeting_id: int) -> bool:
    """Return whether the hall's projector has a link that works. A moderator's own copy does not count."""
    after = last_ended_link(meeting_id)
    secret = settings_of().secret_key
    query = select(DisplayLink).where(DisplayLink.meeting_id == meeting_id, DisplayLink.revoked_at.is_(None))
    return any(
        link.token_hash != token_hash(token_of_copy(link.created_by, meeting_id, after, secret))
        for link in db.session.scalars(query)
    )
