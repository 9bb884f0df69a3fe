"""Answers for the wall on the facilitation screen: older cards of a column, and the counts."""

from __future__ import annotations

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..cards import wall_queries
from ..cards.rendering import CardRenderer
from ..meetings import queries
from ..meetings.models import Meeting
from ..people.current_user import signed_in_user
from ..web.addresses import query_number
from .blueprint import bp

#: Cards in one answer.
PAGE = 60


@bp.get("/wall")
@login_required
def show_older_cards(meeting_id: int) -> ResponseReturnValue:
    """Draw cards of ``area`` (left out: of none) that were written before the card ``before``."""
    meeting = _meeting(meeting_id)
    before = query_number("before") or 0
    found, more = wall_queries.older_cards(meeting.id, query_number("area"), before, PAGE)
    drawn = CardRenderer(meeting.id).contexts(found)
    return render_template("facilitation/wall_page.html", meeting=meeting, cards=drawn, more=more)


@bp.get("/wall/counts")
@login_required
def count_cards(meeting_id: int) -> ResponseReturnValue:
    """Return the number of cards in each area, and the number of the last change that they include."""
    return jsonify(wall_queries.wall_counts(_meeting(meeting_id)))


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(signed_in_user(), meeting_id)
