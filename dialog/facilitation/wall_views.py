"""What the wall in the room asks for while it is open: older cards of a column, and the counts."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from ..cards import wall_queries
from ..cards.rendering import CardRenderer
from ..meetings import queries
from ..meetings.models import Meeting
from ..web.page_forms import number_in_address

bp = Blueprint("wall", __name__, url_prefix="/meetings/<int:meeting_id>/wall")

#: Cards in one answer.
PAGE = 60


@bp.get("")
@login_required
def older(meeting_id: int) -> ResponseReturnValue:
    """Cards of ``area`` (left out: of none) written before the card ``before``, drawn as in the room."""
    meeting = _meeting(meeting_id)
    before = number_in_address("before") or 0
    found, more = wall_queries.older_cards(meeting.id, number_in_address("area"), before, PAGE)
    drawn = CardRenderer(meeting.id).contexts(found)
    return render_template("facilitation/wall_page.html", meeting=meeting, cards=drawn, more=more)


@bp.get("/counts")
@login_required
def counts(meeting_id: int) -> ResponseReturnValue:
    """How many cards each area holds, and the number of the last change that they take in."""
    return jsonify(wall_queries.wall_counts(_meeting(meeting_id)))


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(current_user._get_current_object(), meeting_id)
