"""Each act of a moderator on the meeting as a plain form: stage, timer, lock, projector, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from ..forms import Rules
from ..meetings import actions, announcement_actions, seating_actions, timer_actions
from ..meetings.models import Meeting
from ..people.models import User
from ..web.page_forms import run_submitted
from . import forms, reveal_actions, stage_actions, undo_actions
from .blueprint import bp
from .screen import current_moderator, render_changing_parts, render_page

Act = Callable[[User, Meeting, dict[str, Any]], object]


@bp.post("/close")
@login_required
def close_meeting(meeting_id: int) -> ResponseReturnValue:
    """End the meeting."""
    actor = current_moderator(meeting_id)
    stage_actions.close_meeting(actor.user_or_refuse, actor.meeting)
    flash(_("The meeting is closed. Thank you for leading it."), "success")
    return redirect(url_for("planning.show", meeting_id=meeting_id), 303)


@bp.post("/room/copy")
@login_required
def create_projector_preview(meeting_id: int) -> ResponseReturnValue:
    """Return the address of a small copy of the projector view."""
    actor = current_moderator(meeting_id)
    token = actions.create_display_copy(actor.user_or_refuse, actor.meeting)
    return jsonify(src=url_for("projector.show", token=token, copy=1)), 201


def _run(meeting_id: int, rules: type[Rules], act: Act) -> ResponseReturnValue:
    """Run *act*; send the script the parts that may have changed, and a plain form the whole screen."""
    actor = current_moderator(meeting_id)
    refused = run_submitted(rules, lambda given: act(actor.user_or_refuse, actor.meeting, given))
    if "X-Changing-Parts" in request.headers:
        changed = current_moderator(meeting_id)
        return render_changing_parts(changed, refused), refused.status if refused else 200
    if refused:
        return render_page(current_moderator(meeting_id), refused), refused.status
    return redirect(url_for("facilitation.show", meeting_id=meeting_id), 303)


def _add_act(address: str, name: str, rules: type[Rules], act: Act) -> None:
    """Register an act of the moderator as a POST of *rules* to *address*."""

    @login_required
    def view(meeting_id: int) -> ResponseReturnValue:
        return _run(meeting_id, rules, act)

    bp.add_url_rule(address, name, view, methods=["POST"])


_add_act(
    "/stage",
    "go_to_stage",
    forms.StageChangeForm,
    lambda user, meeting, given: stage_actions.go_to_stage(user, meeting, given["stage"], given["seen"]),
)
_add_act(
    "/timer",
    "change_timer",
    forms.TimerChangeForm,
    lambda user, meeting, given: timer_actions.change_timer(
        user, meeting, given["way"], given["seen"] or "", given["minutes"] or 1
    ),
)
_add_act(
    "/lock",
    "set_lock",
    forms.LockForm,
    lambda user, meeting, given: stage_actions.set_lock(user, meeting, given["locked"]),
)
_add_act(
    "/show",
    "set_display",
    forms.DisplayForm,
    lambda user, meeting, given: stage_actions.set_display(user, meeting, given["display"]),
)
_add_act(
    "/reveal",
    "reveal_cards",
    forms.RevealForm,
    lambda user, meeting, given: reveal_actions.reveal_cards(user, meeting, given["scope"], given["of"]),
)
_add_act(
    "/say",
    "announce",
    forms.AnnouncementForm,
    lambda user, meeting, given: announcement_actions.announce(user, meeting, given["text"], given["table"]),
)
_add_act(
    "/say/end",
    "end_announcement",
    forms.AnnouncementEndForm,
    lambda user, meeting, given: announcement_actions.end_announcement(user, meeting, given["message"]),
)
_add_act(
    "/devices/place",
    "place_device",
    forms.PlacementForm,
    lambda user, meeting, given: seating_actions.seat_device(
        user, meeting, given["participant"], given["table"]
    ),
)
_add_act(
    "/devices/spread",
    "spread_devices",
    forms.SpreadForm,
    lambda user, meeting, given: seating_actions.spread_devices(user, meeting, given["way"], given["seen"]),
)
_add_act(
    "/devices/remove",
    "remove_device",
    forms.RemovalForm,
    lambda user, meeting, given: seating_actions.remove_participant(user, meeting, given["participant"]),
)
_add_act(
    "/undo",
    "undo",
    forms.UndoForm,
    lambda user, meeting, given: undo_actions.undo(user, meeting, given["act"]),
)
