"""Joining a meeting with its code."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..errors import Invalid
from ..joining import codes
from ..joining.actions import join_meeting
from ..joining.cookies import participant_from_cookie, set_participant_cookie
from ..joining.forms import JoinPage
from .blueprint import bp


@bp.get("/j/<code>")
def show_welcome(code: str) -> ResponseReturnValue:
    """Show what the meeting is and what becomes of what is written. Whoever has joined goes straight in."""
    meeting = codes.meeting_by_code(code)
    if participant_from_cookie(meeting.id):
        return redirect(url_for("participation.show", meeting_id=meeting.id))
    return render_template("participation/join.html", meeting=meeting, code=code, form=JoinPage())


@bp.post("/j/<code>")
def join(code: str) -> ResponseReturnValue:
    """Take part. Joining again with the same browser gives the same participant back."""
    meeting = codes.meeting_by_code(code)
    if participant_from_cookie(meeting.id):
        return redirect(url_for("participation.show", meeting_id=meeting.id))
    codes.check_join_rate()
    form = JoinPage(request.form)
    if form.validate():
        try:
            token = join_meeting(meeting.id, **form.values).token
        except Invalid as error:
            form.fail(error)
        else:
            answer = redirect(url_for("participation.show", meeting_id=meeting.id))
            set_participant_cookie(answer, meeting.id, token)
            return answer
    return render_template("participation/join.html", meeting=meeting, code=code, form=form), 400
