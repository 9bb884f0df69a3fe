"""Choose the view that the projector shows: the moderator's choice, else the one that fits the stage."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ..cards.models import Card
from ..cards.queries import STATES_SEEN
from ..cards.rendering import CardRenderer
from ..db import db
from ..meetings.models import Meeting

#: Max cards in the list of results.
MAX_RESULTS = 10


def choose_view(meeting: Meeting, cards: int, has_results: bool) -> str:
    """Return ``join``, ``question``, ``wall`` or ``results``.

    *cards* is the number of cards on the wall; *has_results* tells whether dots have been counted. A lock
    changes nothing here, because the stage stays the same.
    """
    if meeting.display != "auto":
        return meeting.display
    stage = meeting.stage
    if meeting.state == "planned":
        return "join"
    if meeting.state == "closed":
        return "results" if has_results else "wall"
    if stage is None:
        return "wall" if cards else "join"
    if stage.position == 0 and not stage.may_write:
        return "join"  # people are still coming in
    if stage.may_vote:
        return "wall" if cards else "question"  # totals stay hidden while voting is open
    if has_results and not stage.may_write:
        return "results"
    if stage.holds or not stage.may_see:
        return "question"  # nothing new comes to the wall
    if not cards:
        return "join" if stage.position == 0 else "question"
    return "wall" if stage.may_write or stage.may_move else "question"


def count_cards_with_dots(meeting: Meeting) -> int:
    """Return how many cards on the wall have got dots in a vote that is closed."""
    return db.session.scalar(select(func.count()).where(*_has_dots(meeting))) or 0


def list_results(meeting: Meeting, renderer: CardRenderer) -> list[dict[str, Any]]:
    """Return the cards with most dots, the highest first."""
    query = select(Card).where(*_has_dots(meeting)).order_by(Card.dots.desc(), Card.id).limit(MAX_RESULTS)
    return renderer.contexts(db.session.scalars(query))


def _has_dots(meeting: Meeting) -> tuple[Any, ...]:
    return Card.meeting_id == meeting.id, Card.state.in_(STATES_SEEN["display"]), Card.dots > 0
