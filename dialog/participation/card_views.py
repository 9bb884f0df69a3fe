"""Writing, changing and withdrawing one's own cards, and voting, as plain forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ..cards import actions, create_actions, vote_actions
from ..cards import queries as cards
from ..cards.forms import AddCard, EditCard, SetVote, WithdrawCard
from ..cards.models import TEXT_MAX
from ..cards.rendering import as_dict
from ..errors import DialogError, NotFound
from ..forms import Rules
from ..joining import codes
from ..joining.actions import join_meeting
from ..joining.cookies import set_participant_cookie
from ..joining.current_actor import current_participant, current_visitor
from ..joining.queries import participant_by_token
from ..meetings import queries
from ..meetings.actor import Actor
from ..web.page_forms import run_submitted, submitted_fields
from .blueprint import bp
from .page import render_page


@bp.post("/m/<int:meeting_id>/cards")
def add_card(meeting_id: int) -> ResponseReturnValue:
    """Add a card; in an open online meeting the first one also joins. A refusal keeps the text."""
    actor = current_visitor(meeting_id)
    token = None
    answer: Response
    try:
        values = AddCard.read_page(submitted_fields(AddCard)).values
        if actor.participant is None:
            codes.check_join_rate()
            # A double tap sends the same ``visit``, which only this page knows, so it joins one participant.
            visit = request.form.get("visit", "")[:100]
            token = join_meeting(actor.meeting.id, channel="online", visit=visit).token
            actor = Actor(queries.meeting_by_id(meeting_id), participant=participant_by_token(token))
        create_actions.add_card(actor, values)
    except DialogError as error:
        answer = make_response(render_page(actor, error), error.status)
    else:
        answer = redirect(url_for("participation.show", meeting_id=meeting_id, saved=1, _anchor="mine"), 303)
    if token:
        set_participant_cookie(answer, meeting_id, token)
    return answer


@bp.get("/m/<int:meeting_id>/cards/<int:card_id>/edit")
def show_edit(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Show one's own card in a form."""
    return _render_edit(current_participant(meeting_id), card_id)


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/edit")
def edit_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Give one's own card another text."""
    actor = current_participant(meeting_id)
    refused = run_submitted(
        EditCard, lambda given: actions.edit_card(actor, card_id, given["text"], given["base"]), id=card_id
    )
    if refused:
        return _render_edit(actor, card_id, refused), refused.status
    return _redirect_to_own_cards(meeting_id)


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/withdraw")
def withdraw_card(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Withdraw one's own card."""
    return _change(
        meeting_id,
        WithdrawCard,
        lambda actor, given: actions.withdraw_card(actor, card_id, given["base"]),
        id=card_id,
    )


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/vote")
def vote(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put dots on a card, or take them back."""
    return _change(
        meeting_id,
        SetVote,
        lambda actor, given: vote_actions.set_vote(actor, card_id, given["dots"]),
        card=card_id,
    )


def _change(
    meeting_id: int, rules: type[Rules], change: Callable[[Actor, dict[str, Any]], object], **known: int
) -> ResponseReturnValue:
    """Run *change* with the validated form; a refusal shows the page with the reason."""
    actor = current_participant(meeting_id)
    refused = run_submitted(rules, lambda given: change(actor, given), **known)
    if refused:
        return render_page(actor, refused), refused.status
    return _redirect_to_own_cards(meeting_id)


def _redirect_to_own_cards(meeting_id: int) -> ResponseReturnValue:
    return redirect(url_for("participation.show", meeting_id=meeting_id, _anchor="mine"), 303)


def _render_edit(actor: Actor, card_id: int, error: DialogError | None = None) -> str:
    card = cards.card_for(actor, card_id)
    if actor.participant is None or card.author_participant_id != actor.participant.id:
        raise NotFound
    return render_template(
        "participation/edit.html",
        meeting=actor.meeting,
        card=as_dict(card),
        text=request.form.get("text", card.text),
        error=error,
        text_max=TEXT_MAX,
    )
