"""Participants put cards where they belong, in a stage that lets them. Plain forms, one a card."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ..cards import actions
from ..cards import queries as cards
from ..cards.forms import MoveCard
from ..cards.models import Card
from ..cards.rendering import CardRenderer
from ..db import db
from ..errors import DialogError, Unauthorized
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.cookies import participant_from_cookie
from ..meetings.permissions import may_move
from ..web.page_forms import submitted

bp = Blueprint("arranging", __name__, url_prefix="/m/<int:meeting_id>")

#: Cards on one page; the next ones are a step away.
PER_PAGE = 60


@bp.get("/arrange")
def show(meeting_id: int) -> ResponseReturnValue:
    """The cards that everybody sees, each with where it lies and where it could."""
    return _page(_participant(meeting_id))


@bp.post("/cards/<int:card_id>/move")
def move(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put a card in another area."""
    actor = _participant(meeting_id)
    refused = submitted(
        MoveCard, lambda given: actions.move_card(actor, card_id, given["area"], given["base"]), id=card_id
    )
    if refused:
        return _page(actor, refused), refused.status
    before = request.form.get("before", "")[:19]
    place = f"card-{card_id}"
    return redirect(
        url_for("arranging.show", meeting_id=meeting_id, before=before or None, _anchor=place), 303
    )


def _participant(meeting_id: int) -> Actor:
    participant = participant_from_cookie(meeting_id)
    if participant is None:
        raise Unauthorized
    return Actor(queries.meeting_by_id(meeting_id), participant=participant)


def _everybodys(actor: Actor, before: int | None) -> tuple[list[Card], bool]:
    """The cards that everybody sees, the newest first, one's own among them; and whether there are more."""
    query = select(Card).where(
        Card.meeting_id == actor.meeting.id, Card.state == "shown", cards.visible_to(actor)
    )
    if before is not None:
        query = query.where(Card.id < before)
    found = list(db.session.scalars(query.order_by(Card.id.desc()).limit(PER_PAGE + 1)))
    return found[:PER_PAGE], len(found) > PER_PAGE


def _page(actor: Actor, error: DialogError | None = None) -> str:
    meeting = actor.meeting
    before = request.values.get("before", "")
    start = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found, more = _everybodys(actor, start)
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
