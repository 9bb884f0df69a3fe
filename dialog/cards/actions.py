"""Change, withdraw and move cards. Each change takes the meeting's next number in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import utcnow, write
from ..errors import Closed, Conflict, Invalid, require
from ..meetings.activity_actions import record_activity
from ..meetings.actor import Actor
from ..meetings.models import Meeting
from ..meetings.numbering_actions import lock_meeting, take_numbers
from ..meetings.permissions import ended_at, in_grace, may_move, may_write
from ..people.models import User
from . import queries
from .models import Card


def change_card(
    actor: Actor, act: str, card_id: int, base: int | None, apply: Callable[[Session, Card], bool]
) -> Card:
    """Find, check the base, apply and number: the one way an existing card changes.

    *apply* returns False when the card already is as wanted; then nothing changes and no number is taken.
    What the staff does is noted as *act*.
    """
    meeting_id = actor.meeting.id  # read here: inside, the meeting is read afresh, and only once it is locked
    with write() as session:
        lock_meeting(session, meeting_id)
        card = queries.card_for(actor, card_id)
        if base is not None and base > card.seq:
            raise Invalid({"base": _("This number is ahead of the card.")})
        card_is_newer = base is not None and base < card.seq
        before = restorable_state(card)
        if not apply(session, card):
            return card
        if card_is_newer:
            session.refresh(card)
            raise Conflict(queries.as_seen_by(actor, card))
        card.seq = take_numbers(session, card.meeting_id, 1)
        card.changed_at = utcnow()
        session.flush()
        if actor.user is not None:
            _record_act(session, actor.user, actor.meeting, act, card, before)
    return card


def restorable_state(card: Card) -> dict[str, Any]:
    """What the staff can change of a card, by which an act is undone; never its text."""
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


def conflict_with(actor: Actor, card: Card) -> Conflict:
    return Conflict(queries.as_seen_by(actor, card))


def edit_card(actor: Actor, card_id: int, text: str, base: int) -> Card:
    """Give one's own card another text. A card that was approved waits for approval again."""

    def apply(session: Session, card: Card) -> bool:
        require(_is_author(actor, card), _("Only the one who wrote a card can change it."))
        if card.state not in queries.OWN:
            raise conflict_with(actor, card)
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
        if card.state not in queries.OWN:
            raise conflict_with(actor, card)
        require_open(actor)
        card.state = "withdrawn"
        return True

    return change_card(actor, "withdraw", card_id, base, apply)


def move_card(actor: Actor, card_id: int, area_id: int | None, base: int) -> Card:
    """Put a card in another of the dialogue's areas, or in none."""

    def apply(session: Session, card: Card) -> bool:
        require_open(actor)
        require(may_move(actor), _("Cards stay where they are in this part of the evening."))
        if card.state not in (queries.OWN if actor.is_staff else ("shown",)):
            raise conflict_with(actor, card)
        if area_id is not None and area_id not in {area.id for area in actor.meeting.areas}:
            raise Invalid({"area": _("There is no such area in this dialogue.")})
        if card.area_id == area_id:
            return False
        mine = "author" if _is_author(actor, card) else "participant"
        card.area_id, card.area_source = area_id, "staff" if actor.is_staff else mine
        return True

    return change_card(actor, "move", card_id, base, apply)


def renumber(session: Session, meeting_id: int, states: frozenset[str]) -> None:
    """Give every card in *states* a new number, in the old order: who may see it has changed."""
    count = (
        session.scalar(select(func.count()).where(Card.meeting_id == meeting_id, Card.state.in_(states))) or 0
    )
    if not count:
        return
    first = take_numbers(session, meeting_id, count)
    order = (
        select(Card.id, func.row_number().over(order_by=Card.seq).label("place"))
        .where(Card.meeting_id == meeting_id, Card.state.in_(states))
        .subquery()
    )
    session.execute(
        update(Card)
        .where(Card.id == order.c.id)
        .values(seq=first - 1 + order.c.place)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
