"""The moderator's room: the wall live, what came in, and the few acts that matter, as plain forms too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from ..errors import DialogError, NotFound
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.models import Meeting
from . import actions, running
from . import queries as cards
from .forms import GoToStage, HideCard, MoveCard, RestoreCard
from .models import Card
from .pageform import fields_of, number_in_address
from .wall import columns

bp = Blueprint("room", __name__, url_prefix="/meetings/<int:meeting_id>")

#: Cards of one area drawn at first; older ones come when they are asked for.
SHOWN_PER_AREA = 30


@bp.get("/room")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """The room."""
    return _room(_staff(meeting_id))


@bp.post("/cards/<int:card_id>/move")
@login_required
def move(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put a card in another area."""
    actor = _staff(meeting_id)
    before = cards.card_in(actor.meeting, card_id).area_id

    def act(given: dict[str, Any]) -> Card:
        return actions.move_card(actor, card_id, given["area"], given["base"])

    return _act(actor, MoveCard, card_id, act, did="move", was=before or 0)


@bp.post("/cards/<int:card_id>/hide")
@login_required
def hide(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Take a card off the wall, with a reason."""
    actor = _staff(meeting_id)

    def act(given: dict[str, Any]) -> Card:
        return actions.hide_card(actor, card_id, given["reason"], given["base"])

    return _act(actor, HideCard, card_id, act, did="hide")


@bp.post("/cards/<int:card_id>/restore")
@login_required
def restore(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Undo hiding, or approve."""
    actor = _staff(meeting_id)

    def act(given: dict[str, Any]) -> Card:
        return actions.restore_card(actor, card_id, given["base"])

    return _act(actor, RestoreCard, card_id, act, did="restore")


@bp.post("/stage")
@login_required
def stage(meeting_id: int) -> ResponseReturnValue:
    """Go on to another stage."""
    actor = _staff(meeting_id)
    given = GoToStage.read_page(fields_of(GoToStage)).values
    running.go_to_stage(actor.user_or_refuse, actor.meeting, given["stage"], given["seen"])
    return redirect(url_for("room.show", meeting_id=meeting_id), 303)


@bp.post("/close")
@login_required
def close(meeting_id: int) -> ResponseReturnValue:
    """End the meeting."""
    actor = _staff(meeting_id)
    running.close_meeting(actor.user_or_refuse, actor.meeting)
    flash(_("The meeting is closed. Thank you for leading it."), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _staff(meeting_id: int) -> Actor:
    user = current_user._get_current_object()
    return Actor(queries.meeting_for(user, meeting_id), user=user)


def _act(
    actor: Actor, rules: Any, card_id: int, act: Callable[[dict[str, Any]], Card], **did: Any
) -> ResponseReturnValue:
    try:
        card = act(rules.read_page(fields_of(rules, id=card_id)).values)
    except NotFound:
        raise
    except DialogError as error:
        return _room(actor, error), error.status
    return redirect(url_for("room.show", meeting_id=actor.meeting.id, card=card.id, **did), 303)


def _room(actor: Actor, error: DialogError | None = None) -> str:
    meeting = actor.meeting
    drawing = cards.Drawing(meeting.id)
    hidden = cards.in_state(meeting.id, "hidden")
    return render_template(
        "meetings/room.html",
        meeting=meeting,
        epoch=queries.epoch(),
        stage=queries.stage_now(meeting),
        stages=meeting.stages,
        next_stage=_next_stage(meeting),
        columns=columns(meeting, drawing, SHOWN_PER_AREA, _start(meeting)),
        waiting=drawing.contexts(cards.in_state(meeting.id, "pending")),
        hidden=[
            {**drawn, "hidden_reason": card.hidden_reason}
            for card, drawn in zip(hidden, drawing.contexts(hidden), strict=True)
        ],
        counts=cards.counts(meeting.id),
        devices=queries.joined_devices(meeting.id),
        undo=_undo(actor),
        error=error,
        typed=request.form if error is not None else {},
    )


def _start(meeting: Meeting) -> Card | None:
    """The card that its column is to begin with, without a script: the one to handle, or the next to read."""
    number = number_in_address("open") or number_in_address("from")
    return cards.find_in(meeting, number) if number else None


def _next_stage(meeting: Any) -> Any:
    """The stage after the present one; None at the end or in a meeting without stages."""
    if meeting.stage is None:
        return meeting.stages[0] if meeting.stages else None
    return next((stage for stage in meeting.stages if stage.position == meeting.stage.position + 1), None)


def _undo(actor: Actor) -> dict[str, Any] | None:
    """The act just done, as the form that takes it back."""
    did, number = request.args.get("did"), number_in_address("card")
    if did not in ("move", "hide", "restore") or number is None:
        return None
    card = cards.card_in(actor.meeting, number)
    was = request.args.get("was", "0")
    return {"did": did, "card": cards.as_dict(card), "was": was if was.isascii() and was.isdecimal() else "0"}
