"""The page on which the stages of a meeting are added, ordered, changed and removed."""

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
from .stage_actions import is_current, save_stages, stages_version


@bp.route("/meetings/<int:meeting_id>/stages", methods=["GET", "POST"])
@login_required
def edit_stages(meeting_id: int) -> Any:
    """Show the stages on one page. Its buttons change only the page; saving changes the meeting."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    if meeting.state == "closed":
        flash(_("The meeting is closed and can no longer be changed."), "warn")
        return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    listed, seen = stage_list_of(meeting), stages_version(meeting)
    if request.method == "GET":
        return _page(meeting, listed, seen)
    listed.read()
    seen = request.form.get("seen", "")[:64]
    button = request.form.get("do", "save")
    if button != "save":
        listed.apply_button(button)
        return _page(meeting, listed, seen)
    if not listed.validate():
        return _page(meeting, listed, seen), 400
    try:
        kept = save_stages(user, meeting, listed.rows, seen)
    except Conflict as error:
        if queries.meeting_by_id(meeting_id).state == "closed":
            return _page(meeting, listed, seen, error), error.status
        return _page(
            meeting, merge_changes(meeting, listed), stages_version(meeting), error, meeting.stages
        ), error.status
    except DialogError as error:
        return _page(meeting, listed, seen, error), error.status
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


def stage_list_of(meeting: Meeting) -> StageList:
    """Return the forms of the stages. The current stage keeps its rules, which decide who sees its cards."""
    settled = frozenset(str(stage.id) for stage in meeting.stages if is_current(meeting, stage))
    return StageList([(str(stage.id), _values(stage)) for stage in meeting.stages], settled)


def _values(stage: Stage) -> dict[str, Any]:
    names = ("action", "name", "minutes", "prompt", "follow_ups", *PERMISSION_FIELDS)
    return {name: getattr(stage, name) for name in names}


def merge_changes(meeting: Meeting, typed: StageList) -> StageList:
    """Add to *typed* the stages that others added meanwhile; those that they removed become new ones."""
    stored = {str(stage.id): stage for stage in meeting.stages}
    removed = [key for key in typed.forms if not key.startswith("new") and key not in stored]
    for key in removed:
        typed.rename(key)
    after = "first"
    for key, stage in stored.items():
        if key not in typed.forms and key not in typed.had:
            typed.insert(key, _values(stage), after=after)
        if key in typed.forms:
            after = key
    typed.had = list(stored)
    return typed


def _page(
    meeting: Meeting,
    listed: StageList,
    seen: str,
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
        seen=seen,
        error=error,
        theirs=theirs,
        now=now,
        written={str(number): count for number, count in counts.items()},
        actions=ACTION_LABELS,
    )
