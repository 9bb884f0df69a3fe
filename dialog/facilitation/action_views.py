"""Leading the evening: each act as a plain form, answered with the room as it is then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..cards import forms
from ..forms import Rules
from ..meetings import actions, announcement_actions, seating_actions, timer_actions
from ..meetings.actor import Actor
from ..meetings.models import Meeting
from ..people.models import User
from ..web.page_forms import submitted
from . import reveal_actions, stage_actions, undo_actions
from .views import room_now, room_page, staff

bp = Blueprint("leading", __name__, url_prefix="/meetings/<int:meeting_id>")

Act = Callable[[User, Meeting, dict[str, Any]], object]


def _answer(meeting_id: int, rules: type[Rules], act: Act) -> ResponseReturnValue:
    """Do it, and answer: the script gets the parts of the room that may have changed, a browser the page."""
    actor = staff(meeting_id)
    refused = submitted(rules, lambda given: act(actor.user_or_refuse, actor.meeting, given))
    if "X-Room" in request.headers:
        return room_now(fresh(actor), refused), refused.status if refused else 200
    if refused:
        return room_page(fresh(actor), refused), refused.status
    return redirect(url_for("room.show", meeting_id=meeting_id), 303)


def fresh(actor: Actor) -> Actor:
    """The same person at the meeting as the act has left it."""
    return staff(actor.meeting.id)


@bp.get("/room/now")
@login_required
def now(meeting_id: int) -> ResponseReturnValue:
    """The parts of the room that change, but for the cards: what the script puts in place."""
    return room_now(staff(meeting_id))


@bp.post("/room/copy")
@login_required
def copy(meeting_id: int) -> ResponseReturnValue:
    """The address of a small copy of what the room sees."""
    actor = staff(meeting_id)
    token = actions.create_display_copy(actor.user_or_refuse, actor.meeting)
    return jsonify(src=url_for("display.show", token=token, copy=1)), 201


def _acts_at(address: str, name: str, rules: type[Rules], act: Act) -> None:
    @login_required
    def view(meeting_id: int) -> ResponseReturnValue:
        return _answer(meeting_id, rules, act)

    bp.add_url_rule(address, name, view, methods=["POST"])


# What the moderator can do: address, name, form and act.
_acts_at(
    "/stage",
    "stage",
    forms.GoToStage,
    lambda user, meeting, given: stage_actions.go_to_stage(user, meeting, given["stage"], given["seen"]),
)
_acts_at(
    "/timer",
    "time",
    forms.ChangeTimer,
    lambda user, meeting, given: timer_actions.change_timer(
        user, meeting, given["way"], given["seen"] or "", given["minutes"] or 1
    ),
)
_acts_at(
    "/lock",
    "lock",
    forms.Lock,
    lambda user, meeting, given: stage_actions.set_lock(user, meeting, given["locked"]),
)
_acts_at(
    "/show",
    "show",
    forms.Show,
    lambda user, meeting, given: stage_actions.set_display(user, meeting, given["display"]),
)
_acts_at(
    "/reveal",
    "reveal",
    forms.Reveal,
    lambda user, meeting, given: reveal_actions.reveal(user, meeting, given["scope"], given["of"]),
)
_acts_at(
    "/say",
    "say",
    forms.Say,
    lambda user, meeting, given: announcement_actions.announce(user, meeting, given["text"], given["table"]),
)
_acts_at(
    "/say/end",
    "end_message",
    forms.EndMessage,
    lambda user, meeting, given: announcement_actions.end_announcement(user, meeting, given["message"]),
)
_acts_at(
    "/devices/place",
    "place",
    forms.PlaceDevice,
    lambda user, meeting, given: seating_actions.seat_device(
        user, meeting, given["participant"], given["table"]
    ),
)
_acts_at(
    "/devices/spread",
    "spread",
    forms.SpreadDevices,
    lambda user, meeting, given: seating_actions.spread_devices(user, meeting, given["way"], given["seen"]),
)
_acts_at(
    "/devices/remove",
    "remove",
    forms.RemoveDevice,
    lambda user, meeting, given: seating_actions.remove_participant(user, meeting, given["participant"]),
)
_acts_at(
    "/undo",
    "undo",
    forms.Undo,
    lambda user, meeting, given: undo_actions.undo(user, meeting, given["act"]),
)
