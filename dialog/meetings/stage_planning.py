"""Adapting the stages that a method brought along: questions, minutes, and what participants may do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from wtforms import BooleanField

from .. import live
from ..audit.actions import record
from ..db import write
from ..dialogues.labels import ACTION_LABELS
from ..errors import Conflict, require
from ..forms import Lines, Number, PageForm, Text
from ..people.current import signed_in_user
from ..people.models import User
from . import queries
from .blueprint import bp
from .models import Meeting, Stage
from .permissions import may_lead

#: What a stage lets participants do, as far as it is decided here.
PERMISSIONS = ("may_write", "may_see", "may_vote")


class StageForm(PageForm):
    """One stage. Several stand on the page, told apart by their prefix; the page's own token covers them."""

    name = Text(_l("What the stage is called"), least=1, most=120)
    prompt = Lines(_l("The question in this stage"), most=1000)
    minutes = Number(_l("Minutes"), least=1, most=600)
    may_write = BooleanField(_l("Participants write cards"))
    may_see = BooleanField(_l("Participants see each other's cards"))
    may_vote = BooleanField(_l("Participants give dots"))

    @classmethod
    def of(cls, stage: Stage) -> StageForm:
        """The form for *stage*. What is going on right now keeps its permissions: cards are seen by them."""
        form = cls(prefix=f"stage{stage.id}-", obj=stage, meta={"csrf": False})
        if is_now(stage):
            for name in PERMISSIONS:
                delattr(form, name)
        return form


def is_now(stage: Stage) -> bool:
    """Is *stage* going on?"""
    return stage.meeting.state == "open" and stage.meeting.stage_id == stage.id


def change_stages(user: User, meeting: Meeting, changes: dict[int, dict[str, Any]]) -> None:
    """Change stages by their ids; ``Conflict`` when the meeting has closed."""
    with write() as session:
        require(may_lead(user, meeting))
        session.refresh(meeting)
        if meeting.state == "closed":
            raise Conflict(message=_("The meeting is closed and can no longer be changed."))
        for stage in meeting.stages:
            for name, value in changes.get(stage.id, {}).items():
                if name not in PERMISSIONS or not is_now(stage):
                    setattr(stage, name, value)
        record(session, user, "meeting.stages", meeting, organisation_id=meeting.dialogue.organisation_id)
    live.changed(meeting.id)


@bp.route("/meetings/<int:meeting_id>/stages", methods=["GET", "POST"])
@login_required
def stages(meeting_id: int) -> Any:
    """The stages on one page, one form each, saved together."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    if meeting.state == "closed" or not meeting.stages:
        return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
    forms = {stage.id: StageForm.of(stage) for stage in meeting.stages}
    status = 200
    if next(iter(forms.values())).is_submitted():
        judged = [form.validate() for form in forms.values()]  # every one, so that all faults show at once
        if all(judged):
            change_stages(user, meeting, {number: form.values for number, form in forms.items()})
            flash(_("The stages are saved."), "ok")
            return redirect(url_for("meetings.show", meeting_id=meeting.id, _anchor="stages"), 303)
        status = 400
    page = render_template(
        "meetings/stages.html", meeting=meeting, forms=forms, actions=ACTION_LABELS, is_now=is_now
    )
    return page, status
