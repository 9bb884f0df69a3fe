"""Votes: put dots on a card, count them when voting closes, and hide the totals while it is open."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ..db import write
from ..errors import Invalid, require
from ..meetings.actor import Actor
from ..meetings.numbering_actions import lock_meeting, renumber
from ..meetings.permissions import may_vote
from .actions import require_open
from .models import Card, Vote
from .queries import card_for, card_rows


def set_vote(actor: Actor, card_id: int, dots: int) -> int:
    """Put *dots* on a card (0 takes them back) and return how many are left. No card gets a new number."""
    meeting_id = actor.meeting.id
    with write() as session:
        # The lock keeps a vote from landing between counting and closing, and two taps from overspending.
        lock_meeting(session, meeting_id)
        participant = actor.participant
        if participant is not None:
            require_open(actor)
        require(may_vote(actor) and participant is not None, _("There is no voting right now."))
        assert participant is not None
        card = card_for(actor, card_id)
        if card.state != "shown":
            raise card_rows.conflict_with(actor, card)
        elsewhere = (
            session.scalar(
                select(func.coalesce(func.sum(Vote.dots), 0)).where(
                    Vote.participant_id == participant.id,
                    Vote.card_id != card_id,
                    Vote.card_id.in_(select(Card.id).where(Card.meeting_id == card.meeting_id)),
                )
            )
            or 0
        )
        left = actor.meeting.dots - elsewhere - dots
        if left < 0:
            raise Invalid({"dots": _("You have %(left)s dots left.", left=actor.meeting.dots - elsewhere)})
        vote = session.get(Vote, (participant.id, card_id))
        if dots == 0 and vote is not None:
            session.delete(vote)
        elif dots and vote is not None:
            vote.dots = dots
        elif dots:
            session.add(Vote(participant_id=participant.id, card_id=card_id, dots=dots))
    return left


def count_dots(session: Session, meeting_id: int) -> None:
    """Write the totals on the cards that were voted on, when voting closes. Each gets one new number.

    A card that was counted before and has lost its dots since is included.
    """
    total = select(func.coalesce(func.sum(Vote.dots), 0)).where(Vote.card_id == Card.id)
    voted_on = or_(Card.dots.is_not(None), Card.id.in_(select(Vote.card_id)))
    renumber(session, card_rows, meeting_id, voted_on, dots=total.scalar_subquery())


def hide_totals(session: Session, meeting_id: int) -> None:
    """Remove the totals from the cards when voting opens again; they return when it closes."""
    renumber(session, card_rows, meeting_id, Card.dots.is_not(None), dots=None)
