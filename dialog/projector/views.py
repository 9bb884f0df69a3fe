"""The projector's page. Its computer is not signed in: whoever has the secret address may see it."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from ..cards.rendering import CardRenderer
from ..cards.wall_queries import wall_columns, wall_counts
from ..errors import NotFound
from ..joining.queries import display_by_token
from ..meetings import queries
from ..meetings.models import Meeting
from ..meetings.public_address import join_address, public_address, spoken
from ..web.headers import allow_being_framed
from .current_view import choose_view, count_cards_with_dots, list_results

bp = Blueprint("projector", __name__)

#: Cards of one area that the projector holds; it pages through more than it can show at once.
SHOWN_PER_AREA = 40


@bp.get("/display/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show the projector's page; an unknown or revoked address is not found."""
    meeting = _meeting(token)
    if "copy" in request.args:
        allow_being_framed()  # the preview on the facilitation screen
    renderer = CardRenderer(meeting.id)
    wall = wall_columns(meeting, renderer, SHOWN_PER_AREA)
    total, with_dots = sum(column["count"] for column in wall), count_cards_with_dots(meeting)
    view = choose_view(meeting, total, with_dots > 0)
    address = public_address("home.show") if meeting.join_code else join_address(meeting) or ""
    return render_template(
        "projector/show.html",
        meeting=meeting,
        epoch=queries.epoch(),
        stage=queries.stage_now(meeting),
        view=view,
        total=total,
        columns=wall,
        results=list_results(meeting, renderer) if view == "results" else [],
        with_dots=with_dots,
        token=token,
        address=spoken(address),
    )


@bp.get("/display/<token>/counts")
def count_cards(token: str) -> ResponseReturnValue:
    """Return the number of cards in each area, and the number of the last change that they include."""
    return jsonify(wall_counts(_meeting(token)))


def _meeting(token: str) -> Meeting:
    link = display_by_token(token)
    if link is None:
        raise NotFound
    return queries.meeting_by_id(link.meeting_id)
