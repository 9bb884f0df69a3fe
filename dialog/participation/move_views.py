"""Moving cards between areas in a stage that allows it: a plain form for each card."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ..cards import actions
from ..cards import queries as cards
from ..cards.forms import MoveCard
from ..cards.models import Card
from ..cards.rendering import CardRenderer
from ..db import db
from ..errors import DialogError
from ..forms import parse_number
from ..joining.current_actor import current_participant
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.permissions import may_move
from ..web.page_forms import run_submitted
from .blueprint import bp

#: Cards on one page; a link leads to the next ones.
PER_PAGE = 60


@bp.get("/m/<int:meeting_id>/arrange")
def show_cards_to_move(meeting_id: int) -> ResponseReturnValue:
    """Show the cards that everybody sees, each with its area and the areas to choose among."""
    return _render_page(current_participant(meeting_id))


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/move")
def move_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put a card in another area."""
    actor = current_participant(meeting_id)
    refused = run_submitted(
        MoveCard, lambda given: actions.move_card(actor, card_id, given["area"], given["base"]), id=card_id
    )
    if refused:
        return _render_page(actor, refused), refused.status
    return redirect(
        url_for(
            "participation.show_cards_to_move",
            meeting_id=meeting_id,
            before=request.form.get("before", "")[:19] or None,
            _anchor=f"card-{card_id}",
        ),
        303,
    )


def _cards_on_page(actor: Actor, before: int | None) -> tuple[list[Card], bool]:
    """Return the cards that everybody sees, the newest first, and whether there are more."""
    query = select(Card).where(
        Card.meeting_id == actor.meeting.id, Card.state == "shown", cards.card_rows.visible_to(actor)
    )
    if before is not None:
        query = query.where(Card.id < before)
    found = list(db.session.scalars(query.order_by(Card.id.desc()).limit(PER_PAGE + 1)))
    return found[:PER_PAGE], len(found) > PER_PAGE


def _render_page(actor: Actor, error: DialogError | None = None) -> str:
    meeting = actor.meeting
    start = parse_number(request.values.get("before", ""))
    found, more = _cards_on_page(actor, start)
    renderer = CardRenderer(meeting.id, found)
    return render_template(
        "participation/move.html",
        meeting=meeting,
        stage=queries.stage_now(meeting),
        cards=renderer.contexts(found),
        before=start,
        next_before=found[-1].id if more else None,
        may_move=may_move(actor),
        error=error,
    )
