"""Leading the evening: each act as a plain form, answered with the room as it is then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from ..errors import DialogError, NotFound
from ..forms import Rules
from ..meetings import actions, announcing, placing, timer
from ..meetings.actor import Actor
from ..meetings.models import Meeting
from ..people.models import User
from . import forms, revealing, running, undoing
from .pageform import fields_of
from .room import room_now, room_page, staff

bp = Blueprint("leading", __name__, url_prefix="/meetings/<int:meeting_id>")

Given = dict[str, Any]


def _answer(
    meeting_id: int, rules: type[Rules], act: Callable[[User, Meeting, Given], Any]
) -> ResponseReturnValue:
    """Do it, and answer: the script gets the parts of the room that may have changed, a browser the page."""
    actor = staff(meeting_id)
    refused: DialogError | None = None
    try:
        act(actor.user_or_refuse, actor.meeting, rules.read_page(fields_of(rules)).values)
    except NotFound:
        raise
    except DialogError as error:
        refused = error
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
    token = actions.make_display_copy(actor.user_or_refuse, actor.meeting)
    return jsonify(src=url_for("display.show", token=token, copy=1)), 201


@bp.post("/stage")
@login_required
def stage(meeting_id: int) -> ResponseReturnValue:
    """Go on to another stage."""
    return _answer(
        meeting_id,
        forms.GoToStage,
        lambda user, meeting, given: running.go_to_stage(user, meeting, given["stage"], given["seen"]),
    )


@bp.post("/timer")
@login_required
def time(meeting_id: int) -> ResponseReturnValue:
    """Extend, pause, go on with or restart the stage's time."""
    return _answer(
        meeting_id,
        forms.ChangeTimer,
        lambda user, meeting, given: timer.change_timer(
            user, meeting, given["way"], given["seen"] or "", given["minutes"] or 1
        ),
    )


@bp.post("/lock")
@login_required
def lock(meeting_id: int) -> ResponseReturnValue:
    """Lock, or unlock."""
    return _answer(
        meeting_id,
        forms.Lock,
        lambda user, meeting, given: running.set_lock(user, meeting, given["locked"]),
    )


@bp.post("/show")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """Choose what the projector shows."""
    return _answer(
        meeting_id,
        forms.Show,
        lambda user, meeting, given: running.set_display(user, meeting, given["display"]),
    )


@bp.post("/reveal")
@login_required
def reveal(meeting_id: int) -> ResponseReturnValue:
    """Show cards that were written in hiding."""
    return _answer(
        meeting_id,
        forms.Reveal,
        lambda user, meeting, given: revealing.reveal(user, meeting, given["scope"], given["of"]),
    )


@bp.post("/say")
@login_required
def say(meeting_id: int) -> ResponseReturnValue:
    """Say something to every device, or to those of one table."""
    return _answer(
        meeting_id,
        forms.Say,
        lambda user, meeting, given: announcing.say(user, meeting, given["text"], given["table"]),
    )


@bp.post("/say/end")
@login_required
def end_message(meeting_id: int) -> ResponseReturnValue:
    """Take a message away."""
    return _answer(
        meeting_id,
        forms.EndMessage,
        lambda user, meeting, given: announcing.end_message(user, meeting, given["message"]),
    )


@bp.post("/devices/place")
@login_required
def place(meeting_id: int) -> ResponseReturnValue:
    """Send one device to a table."""
    return _answer(
        meeting_id,
        forms.PlaceDevice,
        lambda user, meeting, given: placing.place_device(
            user, meeting, given["participant"], given["table"]
        ),
    )


@bp.post("/devices/spread")
@login_required
def spread(meeting_id: int) -> ResponseReturnValue:
    """Spread all phones over the tables."""
    return _answer(
        meeting_id,
        forms.SpreadDevices,
        lambda user, meeting, given: placing.spread_devices(user, meeting, given["way"], given["seen"]),
    )


@bp.post("/devices/remove")
@login_required
def remove(meeting_id: int) -> ResponseReturnValue:
    """Take a device out of the meeting."""
    return _answer(
        meeting_id,
        forms.RemoveDevice,
        lambda user, meeting, given: placing.remove_participant(user, meeting, given["participant"]),
    )


@bp.post("/undo")
@login_required
def undo(meeting_id: int) -> ResponseReturnValue:
    """Undo an act of the log, or the latest."""
    return _answer(
        meeting_id,
        forms.Undo,
        lambda user, meeting, given: undoing.undo(user, meeting, given["act"]),
    )
