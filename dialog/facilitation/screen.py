"""The facilitation screen as HTML: the whole page, and the parts of it that change."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, session

from ..cards import queries as cards
from ..cards.models import Card
from ..cards.rendering import CardRenderer
from ..cards.wall_queries import wall_columns
from ..errors import DialogError
from ..joining.tickets import ticket_for
from ..live.schema import clock
from ..meetings import queries, timer_actions
from ..meetings.actor import Actor
from ..meetings.announcement_actions import current_announcements
from ..meetings.local_time import local
from ..meetings.models import Meeting, Stage
from ..people.current_user import signed_in_user
from ..web.addresses import query_number
from ..web.headers import allow_showing_frames
from .activity_labels import DISPLAY_LABELS, describe_act
from .attendance import load_attendance
from .queries import held_piles
from .undo_actions import can_be_undone

#: Cards of one area that are drawn at first; older ones come when they are asked for.
SHOWN_PER_AREA = 30


def current_moderator(meeting_id: int) -> Actor:
    """Return the signed-in user as the one who leads the meeting, which is read afresh.

    Raises ``NotFound`` for somebody who may not lead it.
    """
    user = signed_in_user()
    return Actor(queries.meeting_for(user, meeting_id), user=user)


def render_page(actor: Actor, error: DialogError | None = None) -> str:
    """Draw the whole screen, with *error* and what was typed when an act was refused."""
    meeting = actor.meeting
    allow_showing_frames()  # the preview of the projector
    renderer = CardRenderer(meeting.id)
    hidden = cards.cards_in_state(meeting.id, "hidden", newest=True)
    return render_template(
        "facilitation/show.html",
        **_changing_parts(meeting),
        error=error,
        epoch=queries.epoch(),
        ticket=ticket_for("user", actor.user_or_refuse.id, meeting.id),
        columns=wall_columns(meeting, renderer, SHOWN_PER_AREA, _first_card(meeting)),
        waiting=renderer.contexts(cards.cards_in_state(meeting.id, "pending")),
        held=renderer.contexts(cards.cards_in_state(meeting.id, "held")),
        hidden=[
            {**drawn, "hidden_reason": card.hidden_reason}
            for card, drawn in zip(hidden, renderer.contexts(hidden), strict=True)
        ],
        view=_chosen_view(meeting),
        typed=request.form if error is not None else {},
    )


def render_changing_parts(actor: Actor, error: DialogError | None = None) -> str:
    """Draw the parts around the cards, which the script puts in place after each act."""
    return render_template("facilitation/changing_parts.html", **_changing_parts(actor.meeting), error=error)


def _changing_parts(meeting: Meeting) -> dict[str, Any]:
    """Return what the templates of the changing parts need."""
    attendance, at = load_attendance(meeting), query_number("at")
    log: list[dict[str, Any]] = [
        {
            "act": act,
            "words": describe_act(act, meeting),
            "who": who,
            "time": local(act.at),
            "may_undo": act.undone_at is None and can_be_undone(act),
        }
        for act, who in queries.latest_activities(meeting.id)
    ]
    return {
        "meeting": meeting,
        "now": clock(),
        "stage": queries.stage_now(meeting),
        "stages": meeting.stages,
        "next_stage": _next_stage(meeting),
        "timer_seen": timer_actions.timer_version(meeting),
        "attendance": attendance,
        "opened": attendance.group_at(at or None) if at is not None else None,
        "held_piles": held_piles(meeting),
        "counts": {**dict.fromkeys(("pending", "held", "hidden"), 0), **cards.count_by_state(meeting.id)},
        "announcements": current_announcements(meeting.id),
        "log": log,
        "last": next((each for each in log if each["may_undo"]), None),
        "displays": {code: words() for code, words in DISPLAY_LABELS.items()},
    }


def _chosen_view(meeting: Meeting) -> str:
    """Return the middle view: the one chosen last in this browser, else the tables if there are any."""
    if request.args.keys() & {"open", "from"}:
        return "wall"
    asked = request.args.get("view")
    if asked in ("room", "wall"):
        # Without a script every act leads back to this page, which keeps its view this way.
        session["facilitation_view"] = asked
    return str(session.get("facilitation_view") or ("room" if meeting.tables else "wall"))


def _first_card(meeting: Meeting) -> Card | None:
    """Return the card that its column begins with, which a link without a script asked for."""
    number = query_number("open") or query_number("from")
    return cards.card_rows.find(meeting.id, number) if number else None


def _next_stage(meeting: Meeting) -> Stage | None:
    """Return the stage after the present one; None at the end or in a meeting without stages."""
    if meeting.stage is None:
        return meeting.stages[0] if meeting.stages else None
    return next((stage for stage in meeting.stages if stage.position == meeting.stage.position + 1), None)
