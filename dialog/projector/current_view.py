"""What the projector shows: where the moderator has put it, or what goes with the stage."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ..cards.models import Card
from ..cards.queries import SEEN
from ..cards.rendering import CardRenderer
from ..db import db
from ..meetings.models import Meeting

#: Most cards in the list of results.
MOST_RESULTS = 10


def view_of(meeting: Meeting, cards: int, voted: bool) -> str:
    """join, question, wall or results, when *cards* are on the wall and dots have been counted or not.

    Locking changes nothing here: the stage is what it was.
    """
    if meeting.display != "auto":
        return meeting.display
    stage = meeting.stage
    if meeting.state == "planned":
        return "join"
    if meeting.state == "closed":
        return "results" if voted else "wall"
    if stage is None:
        return "wall" if cards else "join"
    if stage.position == 0 and not stage.may_write:
        return "join"  # people are still coming in
    if stage.may_vote:
        return "wall" if cards else "question"  # no totals while it is open
    if voted and not stage.may_write:
        return "results"
    if stage.holds or not stage.may_see:
        return "question"  # nothing new comes to the wall
    if not cards:
        return "join" if stage.position == 0 else "question"
    return "wall" if stage.may_write or stage.may_move else "question"


def voted(meeting: Meeting) -> int:
    """How many cards on the wall have got dots in a voting that has closed."""
    found = db.session.scalar(select(func.count()).where(*_voted(meeting)))
    return found or 0


def results(meeting: Meeting, renderer: CardRenderer) -> list[dict[str, Any]]:
    """The cards with most dots, largest first."""
    query = select(Card).where(*_voted(meeting)).order_by(Card.dots.desc(), Card.id).limit(MOST_RESULTS)
    return renderer.contexts(db.session.scalars(query))


def _voted(meeting: Meeting) -> tuple[Any, ...]:
    return Card.meeting_id == meeting.id, Card.state.in_(SEEN["display"]), Card.dots > 0
