"""The projector: what the whole room sees. Its computer is not signed in; the address itself is the key."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ..errors import NotFound
from ..meetings import queries
from ..meetings.actor import Actor
from ..meetings.public_address import public_address, spoken
from . import queries as cards

bp = Blueprint("display", __name__)

#: Cards of one area that the projector starts with; it pages through more than it can show.
SHOWN_PER_AREA = 40


@bp.get("/display/<token>")
def show(token: str) -> ResponseReturnValue:
    """The projector's page; an unknown or revoked address does not exist."""
    link = queries.display_by_token(token)
    if link is None:
        raise NotFound
    actor = Actor(queries.meeting_by_id(link.meeting_id))
    meeting = actor.meeting
    drawing = cards.Drawing(meeting.id)
    wall = cards.wall(actor, SHOWN_PER_AREA)
    columns = [
        {
            "area": area,
            "count": wall.counts.get(area.id if area else None, 0),
            "cards": [drawing.context(card) for card in wall.cards.get(area.id if area else None, [])],
        }
        for area in [*meeting.areas, None]
    ]
    return render_template(
        "meetings/display.html",
        meeting=meeting,
        epoch=queries.epoch(),
        stage=queries.stage_now(meeting),
        columns=columns,
        token=token,
        short=spoken(public_address("meetings.start")),
    )
