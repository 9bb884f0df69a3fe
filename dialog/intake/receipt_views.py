"""The receipt of an intake: what was saved, and how to hide all of it again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from ..meetings.models import Meeting
from ..meetings.queries import meeting_for
from ..people.current_user import signed_in_user
from . import actions, queries
from .blueprint import bp
from .forms import HideIntakeForm


@bp.get("/paper/taken/<int:intake_id>")
@login_required
def show_receipt(meeting_id: int, intake_id: int) -> str:
    """Show what was saved, and the form that hides it."""
    meeting = meeting_for(signed_in_user(), meeting_id)
    return _render_receipt(meeting, intake_id, HideIntakeForm(formdata=None, reason=_("Taken in by mistake")))


@bp.post("/paper/taken/<int:intake_id>/hide")
@login_required
def hide_intake(meeting_id: int, intake_id: int) -> ResponseReturnValue:
    """Hide every card that this intake brought."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    queries.get_intake(meeting, intake_id)
    form = HideIntakeForm()
    if not form.validate_on_submit():
        return _render_receipt(meeting, intake_id, form), 400
    actions.hide_intake(user, meeting, intake_id, form.reason.data or "")
    return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=intake_id), 303)


@bp.post("/paper/taken/<int:intake_id>/restore")
@login_required
def restore_intake(meeting_id: int, intake_id: int) -> ResponseReturnValue:
    """Show again the cards that were hidden."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    queries.get_intake(meeting, intake_id)
    actions.restore_intake(user, meeting, intake_id)
    return redirect(url_for("intake.show_receipt", meeting_id=meeting.id, intake_id=intake_id), 303)


def _render_receipt(meeting: Meeting, intake_id: int, form: HideIntakeForm) -> str:
    act = queries.get_intake(meeting, intake_id)
    return render_template(
        "intake/receipt.html",
        meeting=meeting,
        act=act,
        saved=len(act.details["cards"]),
        left_out=act.details["left_out"],
        hidden=len(act.details.get("hidden", [])),
        form=form,
    )
