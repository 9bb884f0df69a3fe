"""Adapting the stages that a method brought along: which there are, in which order, and what each is."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..cards.stage_queries import count_cards_by_stage
from ..dialogues.labels import ACTION_LABELS
from ..dialogues.stage_forms import PERMISSION_FIELDS, StageList
from ..errors import Conflict, DialogError
from ..meetings import queries
from ..meetings.models import Meeting, Stage
from ..people.current_user import signed_in_user
from .blueprint import bp
from .stage_actions import is_now, save_stages, seen


@bp.route("/meetings/<int:meeting_id>/stages", methods=["GET", "POST"])
@login_required
def stages(meeting_id: int) -> Any:
    """The stages on one page. Moving, adding and removing change the page; saving changes the meeting."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    if meeting.state == "closed":
        flash(_("The meeting is closed and can no longer be changed."), "warn")
        return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    listed, known = listed_for(meeting), seen(meeting)
    if request.method == "GET":
        return _page(meeting, listed, known)
    listed.read()
    known = request.form.get("seen", "")[:64]
    act = request.form.get("do", "save")
    if act != "save":
        listed.apply_button(act)
        return _page(meeting, listed, known)
    if not listed.validate():
        return _page(meeting, listed, known), 400
    try:
        kept = save_stages(user, meeting, listed.rows, known)
    except Conflict as error:
        if queries.meeting_by_id(meeting_id).state == "closed":
            return _page(meeting, listed, known, error), error.status
        return _page(meeting, reconciled(meeting, listed), seen(meeting), error, meeting.stages), error.status
    except DialogError as error:
        return _page(meeting, listed, known, error), error.status
    flash(_("The stages are saved."), "ok")
    if kept:
        flash(
            _(
                "«%(stage)s» has begun meanwhile. What participants may do in it was left as it is.",
                stage=kept,
            ),
            "warn",
        )
    return redirect(url_for("planning.show", meeting_id=meeting.id, _anchor="stages"), 303)


def listed_for(meeting: Meeting) -> StageList:
    """The forms of the stages. What is going on right now keeps its rules: cards are seen by them."""
    settled = frozenset(str(stage.id) for stage in meeting.stages if is_now(meeting, stage))
    return StageList([(str(stage.id), _values(stage)) for stage in meeting.stages], settled)


def _values(stage: Stage) -> dict[str, Any]:
    names = ("action", "name", "minutes", "prompt", "follow_ups", *PERMISSION_FIELDS)
    return {name: getattr(stage, name) for name in names}


def reconciled(meeting: Meeting, typed: StageList) -> StageList:
    """What was typed, and the stages that somebody else added meanwhile; what they removed becomes new."""
    theirs = {str(stage.id): stage for stage in meeting.stages}
    gone = [key for key in typed.forms if not key.startswith("new") and key not in theirs]
    for key in gone:
        typed.rename(key)
    before = "first"
    for key, stage in theirs.items():
        if key not in typed.forms and key not in typed.had:
            typed.insert(key, _values(stage), after=before)
        if key in typed.forms:
            before = key
    typed.had = list(theirs)
    return typed


def _page(
    meeting: Meeting,
    listed: StageList,
    known: str,
    error: DialogError | None = None,
    theirs: list[Stage] | None = None,
) -> str:
    counts = count_cards_by_stage(meeting.id)
    now = str(meeting.stage_id) if meeting.state == "open" and meeting.stage_id else ""
    return render_template(
        "planning/stages.html",
        meeting=meeting,
        listed=listed,
        adding=listed.adding(now if now in listed.forms else ""),
        seen=known,
        error=error,
        theirs=theirs,
        now=now,
        written={str(number): count for number, count in counts.items()},
        actions=ACTION_LABELS,
    )
