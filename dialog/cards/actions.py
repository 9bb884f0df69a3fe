"""Change, withdraw and move cards. Each change takes the meeting's next number in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import utcnow, write
from ..errors import Closed, Invalid, require
from ..meetings.activity_actions import record_activity
from ..meetings.actor import Actor
from ..meetings.models import Meeting
from ..meetings.numbering_actions import change_row, lock_meeting
from ..meetings.permissions import ended_at, in_grace, may_move, may_write
from ..people.models import User
from .models import Card
from .queries import OWN_STATES, card_for, card_rows


def change_card(
    actor: Actor, act: str, card_id: int, base: int | None, apply: Callable[[Session, Card], bool]
) -> Card:
    """Find, apply and number: the one way an existing card changes.

    *apply* returns False when the card already is as wanted; then nothing changes and no number is taken.
    What the staff does is recorded as *act*.
    """
    meeting_id = actor.meeting.id  # read here: inside, the meeting is read afresh, and only once it is locked
    with write() as session:
        lock_meeting(session, meeting_id)
        card = card_for(actor, card_id)
        before = restorable_state(card)
        if not change_row(session, card_rows, actor, card, base, apply):
            return card
        card.changed_at = utcnow()
        if actor.user is not None:
            _record_act(session, actor.user, actor.meeting, act, card, before)
    return card


def restorable_state(card: Card) -> dict[str, Any]:
    """Return what the staff can change of a card, for undo; never its text."""
    return {"state": card.state, "from": card.hidden_from, "area": card.area_id, "source": card.area_source}


def _record_act(
    session: Session, user: User, meeting: Meeting, act: str, card: Card, before: dict[str, Any]
) -> None:
    approved = (before["state"], card.state) == ("pending", "shown")
    what = "card.approve" if approved else f"card.{act}"
    if act in ("hide", "restore", "move"):
        record_activity(
            session, user, meeting, what, card, card=card.id, before=before, after=restorable_state(card)
        )
    else:
        # Mending one's own slip of the pen is no act of leading.
        record(session, user, what, card, organisation_id=meeting.dialogue.organisation_id)


def require_open(actor: Actor) -> None:
    """Raise ``Closed`` for a participant whose meeting has ended; the staff goes on tidying up."""
    if not actor.is_staff and ended_at(actor.meeting) is not None:
        raise Closed


def _is_author(actor: Actor, card: Card) -> bool:
    if actor.participant is not None:
        return card.author_participant_id == actor.participant.id
    # What the staff typed in from paper belongs to the staff: any of them may mend a slip of the pen.
    return actor.is_staff and card.author_user_id is not None


def edit_card(actor: Actor, card_id: int, text: str, base: int) -> Card:
    """Give one's own card another text. A card that was approved waits for approval again."""

    def apply(session: Session, card: Card) -> bool:
        require(_is_author(actor, card), _("Only the one who wrote a card can change it."))
        if card.state not in OWN_STATES:
            raise card_rows.conflict_with(actor, card)
        if card.text == text:
            return False
        require_open(actor)
        just_ended = in_grace(actor.meeting) and card.stage_id == actor.meeting.grace_stage_id
        require(may_write(actor) or just_ended, _("Writing is closed right now, so the card stays as it is."))
        card.text = text
        if actor.participant is not None and actor.meeting.approval and card.state == "shown":
            card.state = "pending"
        return True

    return change_card(actor, "edit", card_id, base, apply)


def withdraw_card(actor: Actor, card_id: int, base: int) -> Card:
    """Take one's own card back. It leaves the wall; the record of it stays, as the law wants."""

    def apply(session: Session, card: Card) -> bool:
        require(_is_author(actor, card), _("Only the one who wrote a card can take it back."))
        if card.state == "withdrawn":
            return False
        if card.state not in OWN_STATES:
            raise card_rows.conflict_with(actor, card)
        require_open(actor)
        card.state = "withdrawn"
        return True

    return change_card(actor, "withdraw", card_id, base, apply)


def move_card(actor: Actor, card_id: int, area_id: int | None, base: int) -> Card:
    """Put a card in another of the dialogue's areas, or in none."""

    def apply(session: Session, card: Card) -> bool:
        require_open(actor)
        require(may_move(actor), _("Cards stay where they are in this part of the evening."))
        if card.state not in (OWN_STATES if actor.is_staff else ("shown",)):
            raise card_rows.conflict_with(actor, card)
        if area_id is not None and area_id not in {area.id for area in actor.meeting.areas}:
            raise Invalid({"area": _("There is no such area in this dialogue.")})
        if card.area_id == area_id:
            return False
        mine = "author" if _is_author(actor, card) else "participant"
        card.area_id, card.area_source = area_id, "staff" if actor.is_staff else mine
        return True

    return change_card(actor, "move", card_id, base, apply)
