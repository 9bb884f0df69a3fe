"""The moderator's room: the wall live, what came in, and the few acts that matter, as plain forms too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from ..cards import actions, moderation_actions
from ..cards import queries as cards
from ..cards.forms import HideCard, MoveCard, RestoreCard
from ..cards.models import Card
from ..cards.rendering import CardRenderer
from ..cards.wall_queries import wall_columns
from ..errors import DialogError
from ..live.schema import clock
from ..meetings import queries, timer_actions
from ..meetings.actor import Actor
from ..meetings.announcement_actions import current_announcements
from ..meetings.local_time import local
from ..meetings.models import Meeting
from ..meetings.queries import latest_activities
from ..meetings.tickets import ticket_for
from ..web.page_forms import number_in_address, submitted
from ..web.security import show_frames
from . import stage_actions
from .activity_labels import DISPLAY_WORDS, in_words
from .attendance import who_is_here
from .reveal_actions import held_piles
from .undo_actions import can_be_undone

bp = Blueprint("room", __name__, url_prefix="/meetings/<int:meeting_id>")

#: Cards of one area drawn at first; older ones come when they are asked for.
SHOWN_PER_AREA = 30


@bp.get("/room")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """The room."""
    return room_page(staff(meeting_id))


@bp.post("/cards/<int:card_id>/move")
@login_required
def move(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put a card in another area."""
    actor = staff(meeting_id)

    def act(given: dict[str, Any]) -> Card:
        return actions.move_card(actor, card_id, given["area"], given["base"])

    return _act(actor, MoveCard, card_id, act)


@bp.post("/cards/<int:card_id>/hide")
@login_required
def hide(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Take a card off the wall, with a reason."""
    actor = staff(meeting_id)

    def act(given: dict[str, Any]) -> Card:
        return moderation_actions.hide_card(actor, card_id, given["reason"], given["base"])

    return _act(actor, HideCard, card_id, act)


@bp.post("/cards/<int:card_id>/restore")
@login_required
def restore(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Undo hiding, or approve."""
    actor = staff(meeting_id)

    def act(given: dict[str, Any]) -> Card:
        return moderation_actions.restore_card(actor, card_id, given["base"])

    return _act(actor, RestoreCard, card_id, act)


@bp.post("/close")
@login_required
def close(meeting_id: int) -> ResponseReturnValue:
    """End the meeting."""
    actor = staff(meeting_id)
    stage_actions.close_meeting(actor.user_or_refuse, actor.meeting)
    flash(_("The meeting is closed. Thank you for leading it."), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def staff(meeting_id: int) -> Actor:
    """Whoever leads the meeting, and the meeting as it is; to others there is none."""
    user = current_user._get_current_object()
    return Actor(queries.meeting_for(user, meeting_id), user=user)


def _act(
    actor: Actor, rules: Any, card_id: int, act: Callable[[dict[str, Any]], Card]
) -> ResponseReturnValue:
    refused = submitted(rules, act, id=card_id)
    if refused:
        return room_page(actor, refused), refused.status
    return redirect(url_for("room.show", meeting_id=actor.meeting.id), 303)


def room_page(actor: Actor, error: DialogError | None = None) -> str:
    """The whole page."""
    meeting = actor.meeting
    show_frames()  # the small copy of what the projector shows
    renderer = CardRenderer(meeting.id)
    hidden = cards.cards_in_state(meeting.id, "hidden", newest=True)
    return render_template(
        "facilitation/show.html",
        **_now(meeting),
        error=error,
        epoch=queries.epoch(),
        ticket=ticket_for("user", actor.user_or_refuse.id, meeting.id),
        columns=wall_columns(meeting, renderer, SHOWN_PER_AREA, _start(meeting)),
        waiting=renderer.contexts(cards.cards_in_state(meeting.id, "pending")),
        held=renderer.contexts(cards.cards_in_state(meeting.id, "held")),
        hidden=[
            {**drawn, "hidden_reason": card.hidden_reason}
            for card, drawn in zip(hidden, renderer.contexts(hidden), strict=True)
        ],
        view=_view(meeting),
        typed=request.form if error is not None else {},
    )


def room_now(actor: Actor, error: DialogError | None = None) -> str:
    """What changes around the cards."""
    return render_template("facilitation/now.html", **_now(actor.meeting), error=error)


def _now(meeting: Meeting) -> dict[str, Any]:
    room, at = who_is_here(meeting), number_in_address("at")
    acts: list[dict[str, Any]] = [
        {
            "act": act,
            "words": in_words(act, meeting),
            "who": who,
            "time": local(act.at),
            "may_undo": act.undone_at is None and can_be_undone(act),
        }
        for act, who in latest_activities(meeting.id)
    ]
    return {
        "meeting": meeting,
        "now": clock(),
        "stage": queries.stage_now(meeting),
        "stages": meeting.stages,
        "next_stage": _next_stage(meeting),
        "timer_seen": timer_actions.timer_version(meeting),
        "room": room,
        "opened": room.spot(at or None) if at is not None else None,
        "held_piles": held_piles(meeting),
        "counts": {**dict.fromkeys(("pending", "held", "hidden"), 0), **cards.count_by_state(meeting.id)},
        "said": current_announcements(meeting.id),
        "log": acts,
        "last": next((each for each in acts if each["may_undo"]), None),
        "displays": {code: words() for code, words in DISPLAY_WORDS.items()},
    }


def _view(meeting: Meeting) -> str:
    """What is in the middle: what was chosen last in this browser, else the tables where there are any."""
    if request.args.keys() & {"open", "from"}:
        return "wall"
    asked = request.args.get("view")
    if asked in ("room", "wall"):
        session["room_view"] = asked  # without a script every act leads back here, and not to another view
    return str(session.get("room_view") or ("room" if meeting.tables else "wall"))


def _start(meeting: Meeting) -> Card | None:
    """The card that its column is to begin with, without a script: the one to handle, or the next to read."""
    number = number_in_address("open") or number_in_address("from")
    return cards.find_card(meeting, number) if number else None


def _next_stage(meeting: Any) -> Any:
    """The stage after the present one; None at the end or in a meeting without stages."""
    if meeting.stage is None:
        return meeting.stages[0] if meeting.stages else None
    return next((stage for stage in meeting.stages if stage.position == meeting.stage.position + 1), None)
