"""The chat's events over HTTP."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from ..joining.current_actor import current_actor
from ..web.addresses import required_query_number
from ..web.json_body import json_body
from . import actions, forms, queries

bp = Blueprint("chat_api", __name__, url_prefix="/api/meetings/<int:meeting_id>/chat")


@bp.get("")
def index(meeting_id: int) -> ResponseReturnValue:
    """Handle ``chat:sync``; without ``since``, from the beginning."""
    actor = current_actor(meeting_id)
    return jsonify(queries.message_rows.sync(actor, required_query_number("since", "0")))


@bp.post("")
def add(meeting_id: int) -> ResponseReturnValue:
    """Handle ``chat:add``: 201 when the message is new, 200 when it was saved before."""
    actor = current_actor(meeting_id)
    added = actions.create_message(actor, **forms.AddMessage.read_json(json_body()).values)
    return jsonify(id=added.id, seq=added.seq), 200 if added.repeat else 201
