"""Moderation: hide a card, show it again, and approve one that waits."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..errors import Forbidden, require
from ..meetings.actor import Actor
from .actions import change_card
from .models import Card, Speaker
from .queries import OWN_STATES, card_rows


def hide_card(actor: Actor, card_id: int, reason: str, base: int) -> Card:
    """Hide a card from the wall, with a reason that its writer sees. It can be restored."""

    def apply(session: Session, card: Card) -> bool:
        require(actor.is_staff)
        if card.state not in OWN_STATES:
            raise card_rows.conflict_with(actor, card)
        card.hidden_from, card.state, card.hidden_reason = card.state, "hidden", reason
        return True

    return change_card(actor, "hide", card_id, base, apply)


def restore_card(actor: Actor, card_id: int, base: int) -> Card:
    """Show a hidden card again, or approve one that waits for approval."""

    def apply(session: Session, card: Card) -> bool:
        require(actor.is_staff)
        if card.state == "hidden":
            check_consent(session, card)
            card.state = card.hidden_from or "shown"
            card.hidden_from, card.hidden_reason = None, ""
        elif card.state == "pending":
            card.state = "shown"
        else:
            raise card_rows.conflict_with(actor, card)
        return True

    return change_card(actor, "restore", card_id, base, apply)


def check_consent(session: Session, card: Card) -> None:
    """Refuse to show a card whose speaker has withdrawn their consent; only that person can give it again."""
    speaker = session.get(Speaker, (card.meeting_id, card.speaker)) if card.speaker is not None else None
    if speaker is not None and speaker.withdrew_at is not None:
        raise Forbidden(_("The person who said this has taken back their consent, so it stays hidden."))
