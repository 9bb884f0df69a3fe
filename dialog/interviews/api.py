"""The API for notes. The observer's device keeps each note until it is acknowledged."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..cards.queries import card_rows
from ..cards.rendering import CardRenderer
from ..meetings.queries import meeting_for
from ..people.current_user import signed_in_user
from ..web.json_body import json_body
from . import actions
from .forms import AddNote

bp = Blueprint("interviews_api", __name__, url_prefix="/api/meetings/<int:meeting_id>/notes")


@bp.post("")
@login_required
def add(meeting_id: int) -> ResponseReturnValue:
    """Add a note or a quotation; answer 201 for a new one and 200 for one that was saved before.

    ``html`` in the answer is the drawn card.
    """
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    added = actions.add_note(user, meeting, AddNote.read_json(json_body()).values)
    drawn = CardRenderer(meeting_id).render(card_rows.get(meeting_id, added.id))
    return jsonify(id=added.id, seq=added.seq, html=drawn), 200 if added.repeat else 201
