"""The HTTP twins of the chat's events."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..errors import Invalid
from ..meetings.current_actor import actor_in
from ..web.json_body import json_body
from . import actions, forms, queries

bp = Blueprint("chat_api", __name__, url_prefix="/api/meetings/<int:meeting_id>/chat")


@bp.get("")
def index(meeting_id: int) -> ResponseReturnValue:
    """``chat:sync``; without ``since``, from the beginning."""
    actor = actor_in(meeting_id)
    since = request.args.get("since", "0")
    if not (since.isascii() and since.isdecimal() and len(since) < 19):
        raise Invalid({"since": "A whole number was expected."})
    return jsonify(queries.message_rows.sync(actor, int(since)))


@bp.post("")
def add(meeting_id: int) -> ResponseReturnValue:
    """``chat:add``: 201 when it is new, 200 when it was saved before."""
    actor = actor_in(meeting_id)
    added = actions.create_message(actor, **forms.AddMessage.read_json(json_body()).values)
    return jsonify(id=added.id, seq=added.seq), 200 if added.repeat else 201
