"""The participant page as HTML: the question, the form for a card, one's own cards and the others'."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from ..cards import queries as cards
from ..cards.models import TEXT_MAX, Card
from ..cards.rendering import CardRenderer
from ..errors import DialogError
from ..forms import new_uuid
from ..joining.tickets import ticket_for
from ..live.schema import Place, clock
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.permissions import allows_writing, ended_at, may_vote, may_write, sees_others
from ..meetings.tokens import new_token

#: Cards by others that are drawn at first.
SHOWN_OTHERS = 60


def render_page(actor: Actor, error: DialogError | None = None) -> str:
    """Draw the page, with *error* and what was typed when an act was refused."""
    meeting = actor.meeting
    joined = actor.participant is not None
    renderer = CardRenderer(meeting.id)
    own = cards.own_cards(actor)
    others, more = _others_cards(actor, {card.id for card in own})
    renderer.load_names([*own, *others])
    dots = cards.dots_given(actor)
    return render_template(
        "participation/participant.html",
        meeting=meeting,
        epoch=queries.epoch(),
        stage=queries.stage_now(meeting),
        place=queries.place_of(actor.participant) if actor.participant else Place(),
        now=clock(),
        joined=joined,
        ended=ended_at(meeting) is not None,
        may_write=may_write(actor) or (not joined and allows_writing(meeting)),
        may_vote=may_vote(actor),
        dots_left=meeting.dots - sum(dots.values()),
        dots_given=dots,
        own_cards=[_own_card(renderer, card) for card in own],
        others=[renderer.context(card) for card in others],
        more=more,
        error=error,
        typed=request.form if error is not None else {},
        visit=(request.form.get("visit", "")[:100] if error is not None else "") or new_token(),
        ticket=ticket_for("participant", actor.participant.id, meeting.id) if actor.participant else "",
        uuid=(request.form.get("uuid") if error is not None else None) or new_uuid(),
        text_max=TEXT_MAX,
        saved="saved" in request.args,
        shared_tablet=actor.participant is not None and actor.participant.kind == "table",
    )


def _others_cards(actor: Actor, own: set[int]) -> tuple[list[Card], bool]:
    """Return the latest cards of the others, where the stage shows them, and whether there are more."""
    if not sees_others(actor.meeting):
        return [], False
    seen, more = cards.latest_cards(actor, SHOWN_OTHERS)
    return [card for card in seen if card.id not in own], more


def _own_card(renderer: CardRenderer, card: Card) -> dict[str, Any]:
    return {**renderer.context(card), "hidden_reason": card.hidden_reason}
