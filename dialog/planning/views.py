"""The pages on which a meeting is planned and opened. A moderator leads it in ``dialog.facilitation``."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..dialogues.labels import ACTION_LABELS
from ..dialogues.queries import methods_of
from ..dialogues.stage_rules import PERMISSION_WORDS
from ..errors import DialogError, Invalid
from ..meetings import actions
from ..meetings import queries as meeting_queries
from ..meetings.labels import BASIS_LABELS, FORM_LABELS, STATE_LABELS
from ..meetings.models import Meeting
from ..meetings.permissions import is_open
from ..meetings.public_address import join_address, public_address, spoken
from ..people.current_user import signed_in_user
from . import method_views, queries
from .blueprint import bp
from .forms import AttendanceForm, MeetingForm


@bp.get("/meetings")
@login_required
def index() -> str:
    """Show the user's meetings: open now, planned with the next one first, and closed."""
    by_state: dict[str, list[Meeting]] = {state: [] for state in ("open", "planned", "closed")}
    for meeting in queries.meetings_led_by(signed_in_user()):
        by_state[meeting.state].append(meeting)
    by_state["planned"].reverse()
    return render_template("planning/index.html", by_state=by_state, forms=FORM_LABELS, labels=STATE_LABELS)


@bp.route("/dialogues/<int:dialogue_id>/meetings/new", methods=["GET", "POST"])
@login_required
def new(dialogue_id: int) -> Any:
    """Plan a meeting."""
    user = signed_in_user()
    dialogue = queries.dialogue_for(user, dialogue_id)
    methods = methods_of(dialogue.organisation_id)
    form = MeetingForm(
        methods=methods,
        kinds=queries.card_kinds(),
        data=_preset_from_link(methods) if request.method == "GET" else None,
    )
    status = 200
    if form.validate_on_submit():
        method = queries.method_by_key(dialogue.organisation_id, form.method_key)
        try:
            meeting = actions.create_meeting(user, dialogue, method, **form.meeting_values)
        except Invalid as error:
            form.fail(error)
            status = error.status
        else:
            flash(_("The meeting is planned. This is everything you need to prepare and run it."), "ok")
            return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    elif form.is_submitted():
        status = 400
    return render_template("planning/new.html", form=form, dialogue=dialogue, methods=methods), status


def _preset_from_link(methods: list[Any]) -> dict[str, Any] | None:
    """Return the choices that the link to the page makes: ``?form=online``, ``?method=gatur``."""
    preset = {}
    if request.args.get("form") in FORM_LABELS:
        preset["form"] = request.args["form"]
    if request.args.get("method") in {method.key for method in methods}:
        preset["method"] = request.args["method"]
    return preset or None


@bp.route("/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@login_required
def edit(meeting_id: int) -> Any:
    """Change what was planned, also while the meeting is open."""
    user = signed_in_user()
    meeting = meeting_queries.meeting_for(user, meeting_id)
    if meeting.state == "closed":
        flash(_("The meeting is closed and can no longer be changed."), "warn")
        return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    form = MeetingForm.of(meeting, queries.card_kinds())
    status = 200
    if form.validate_on_submit():
        try:
            actions.change_meeting(user, meeting, **form.meeting_values)
        except DialogError as error:
            form.fail(error if isinstance(error, Invalid) else Invalid(message=error.message))
            status = error.status
        else:
            flash(_("The changes are saved."), "ok")
            return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    elif form.is_submitted():
        status = 400
    return render_template("planning/edit.html", form=form, meeting=meeting), status


@bp.get("/meetings/<int:meeting_id>")
@login_required
def show(meeting_id: int) -> str:
    """Show all that a moderator needs in order to prepare and run the meeting."""
    meeting = meeting_queries.meeting_for(signed_in_user(), meeting_id)
    return _show(meeting)


def _show(meeting: Meeting, attendance: AttendanceForm | None = None) -> str:
    address = join_address(meeting)
    return render_template(
        "planning/show.html",
        meeting=meeting,
        running=is_open(meeting),
        address=address,
        spoken=spoken(address) if address else "",
        online_address=public_address("participation.show", meeting_id=meeting.id),
        short=spoken(public_address("home.show")),
        minutes=sum(stage.minutes or 0 for stage in meeting.stages),
        devices=meeting_queries.joined_devices(meeting.id),
        linked=queries.has_display_link(meeting.id),
        attendance=attendance
        or AttendanceForm(
            formdata=None,
            data={
                "count": meeting.attendance,
                "basis": meeting.attendance_basis if meeting.attendance is not None else "counted",
                "completeness": meeting.completeness,
            },
        ),
        forms=FORM_LABELS,
        states=STATE_LABELS,
        bases=BASIS_LABELS,
        actions=ACTION_LABELS,
        words=PERMISSION_WORDS,
        steps=method_views.steps_of(meeting),
    )


@bp.post("/meetings/<int:meeting_id>/open")
@login_required
def open_meeting(meeting_id: int) -> Answer:
    """Open the meeting, so that people can join."""
    user = signed_in_user()
    meeting = actions.open_meeting(user, meeting_queries.meeting_for(user, meeting_id))
    if meeting.is_online:
        flash(_("The forum is open. Residents find it on the start page on the days it runs."), "ok")
    else:
        flash(_("The meeting is open. Show the code to the room."), "ok")
    return redirect(url_for("planning.show", meeting_id=meeting.id), 303)


@bp.post("/meetings/<int:meeting_id>/approval")
@login_required
def set_approval(meeting_id: int) -> Answer:
    """Choose whether cards show at once or after approval. Cards that wait already go on waiting."""
    user = signed_in_user()
    meeting = meeting_queries.meeting_for(user, meeting_id)
    actions.change_meeting(user, meeting, approval=request.form.get("approval") == "1")
    return redirect(url_for("planning.show", meeting_id=meeting.id, _anchor="approval"), 303)


@bp.post("/meetings/<int:meeting_id>/attendance")
@login_required
def set_attendance(meeting_id: int) -> Any:
    """Save how many people took part."""
    user = signed_in_user()
    meeting = meeting_queries.meeting_for(user, meeting_id)
    form = AttendanceForm()
    if not form.validate():
        return _show(meeting, form), 400
    actions.set_attendance(user, meeting, form.count.data, form.basis.data, form.completeness.data or "")
    flash(_("Noted. The figure stands in the report with how it is known."), "ok")
    return redirect(url_for("planning.show", meeting_id=meeting.id, _anchor="attendance"), 303)


@bp.post("/meetings/<int:meeting_id>/projector")
@login_required
def create_display_link(meeting_id: int) -> str:
    """Make a link for the hall's projector and show it this once: only its hash is stored."""
    user = signed_in_user()
    meeting = meeting_queries.meeting_for(user, meeting_id)
    token = actions.create_display_link(user, meeting)
    address = url_for("projector.show", token=token, _external=True)
    return render_template("planning/display_link.html", meeting=meeting, address=address)


@bp.post("/meetings/<int:meeting_id>/projector/revoke")
@login_required
def revoke_display_links(meeting_id: int) -> Answer:
    """End the projector's access."""
    user = signed_in_user()
    actions.revoke_display_links(user, meeting_queries.meeting_for(user, meeting_id))
    flash(_("The projector link no longer works."), "ok")
    return redirect(url_for("planning.show", meeting_id=meeting_id, _anchor="projector"), 303)
