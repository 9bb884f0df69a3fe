"""The card events over HTTP, for devices without websockets and for other clients."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..joining.current_actor import current_actor
from ..meetings import queries as meetings
from ..web.addresses import required_query_number
from ..web.json_body import json_body
from . import actions, create_actions, forms, moderation_actions, queries, vote_actions
from .rendering import as_dict

bp = Blueprint("cards_api", __name__, url_prefix="/api/meetings/<int:meeting_id>/cards")


@bp.get("")
def index(meeting_id: int) -> ResponseReturnValue:
    """Return what the caller may see now; with ``since``, everything that changed after that number."""
    actor = current_actor(meeting_id)
    if "since" in request.args:
        return jsonify(queries.card_rows.sync(actor, required_query_number("since")))
    cards, more = queries.snapshot(actor)
    return jsonify(
        seq=actor.meeting.seq,
        epoch=meetings.epoch(),
        cards=[as_dict(card) for card in cards],
        more=more,
    )


@bp.post("")
def add(meeting_id: int) -> ResponseReturnValue:
    """Handle ``card:add``: 201 when the card is new, 200 when it was saved before."""
    actor = current_actor(meeting_id)
    added = create_actions.add_card(actor, forms.AddCard.read_json(json_body()).values)
    return jsonify(id=added.id, seq=added.seq), 200 if added.repeat else 201


@bp.patch("/<int:card_id>")
def edit(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``card:edit``."""
    values = _read_body(card_id, forms.EditCard)
    return _done(actions.edit_card(current_actor(meeting_id), card_id, values["text"], values["base"]))


@bp.delete("/<int:card_id>")
def withdraw(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``card:withdraw``."""
    values = _read_body(card_id, forms.WithdrawCard)
    return _done(actions.withdraw_card(current_actor(meeting_id), card_id, values["base"]))


@bp.post("/<int:card_id>/move")
def move(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``card:move``."""
    values = _read_body(card_id, forms.MoveCard)
    return _done(actions.move_card(current_actor(meeting_id), card_id, values["area"], values["base"]))


@bp.post("/<int:card_id>/hide")
def hide(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``card:hide``."""
    values = _read_body(card_id, forms.HideCard)
    return _done(
        moderation_actions.hide_card(current_actor(meeting_id), card_id, values["reason"], values["base"])
    )


@bp.post("/<int:card_id>/restore")
def restore(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``card:restore``."""
    values = _read_body(card_id, forms.RestoreCard)
    return _done(moderation_actions.restore_card(current_actor(meeting_id), card_id, values["base"]))


@bp.put("/<int:card_id>/vote")
def vote(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Handle ``vote:set``."""
    values = _read_body(card_id, forms.SetVote, name="card")
    return jsonify(left=vote_actions.set_vote(current_actor(meeting_id), card_id, values["dots"]))


def _read_body(card_id: int, rules: Any, name: str = "id") -> dict[str, Any]:
    """Return the checked body, with the card's id from the address."""
    body = json_body()
    if isinstance(body, dict):
        body = {**body, name: card_id}
    values: dict[str, Any] = rules.read_json(body).values
    return values


def _done(card: Any) -> ResponseReturnValue:
    return jsonify(id=card.id, seq=card.seq)
