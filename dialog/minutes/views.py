"""Pages on which the staff write minutes, send them, answer corrections and make them final."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from ..db import utcnow
from ..errors import Conflict, DialogError, Invalid, NotFound
from ..meetings.queries import meeting_for
from ..people.current_user import signed_in_user
from . import actions, queries
from .blueprint import bp
from .body import Body, fingerprints, new_id
from .files import FORMATS
from .forms import AnswerForm, SendForm, SubmittedDraft, WithdrawForm
from .models import Minutes
from .permissions import takes_corrections
from .presentation import list_parts
from .version_labels import present_version


@bp.get("/meetings/<int:meeting_id>/minutes")
@login_required
def index(meeting_id: int) -> str:
    """Show the versions of the minutes, the corrections, and the next thing to do."""
    return _index_page(meeting_id)


def _index_page(meeting_id: int, failed: tuple[int, AnswerForm] | None = None) -> str:
    meeting = meeting_for(signed_in_user(), meeting_id)
    versions = queries.versions_of(meeting_id)
    current = queries.current_version(versions)
    corrections = queries.corrections_of(meeting_id)
    return render_template(
        "minutes/index.html",
        meeting=meeting,
        versions=versions,
        current=current,
        draft=next((each for each in versions if each.state == "draft"), None),
        is_open=current is not None and takes_corrections(current),
        not_final=actions.obstacle_to_final(current) if current is not None else "",
        corrections=[
            {
                "it": correction,
                "label": _part_label(correction.minutes, correction.about),
                "form": failed[1]
                if failed is not None and failed[0] == correction.id
                else _answer_form(correction.id, formdata=None, obj=correction),
            }
            for correction in corrections
        ],
        linked=queries.is_linked(meeting_id),
        labels=FORMATS,
    )


def _answer_form(correction_id: int, **given: Any) -> AnswerForm:
    """Return the form that answers a correction.

    A page holds several of them with a prefix each, and its one CSRF token covers them all.
    """
    return AnswerForm(prefix=f"c{correction_id}-", meta={"csrf": False}, **given)


def _part_label(minutes: Minutes, about: str) -> str:
    """Return the label of the part that a correction is about, as its sender saw it."""
    if not about:
        return _("All of it")
    return next((part.label for part in list_parts(present_version(minutes)) if part.key == about), about)


@bp.post("/meetings/<int:meeting_id>/minutes")
@login_required
def begin(meeting_id: int) -> Answer:
    """Begin a draft, or go on with the one there is."""
    user = signed_in_user()
    draft = actions.begin_draft(user, meeting_for(user, meeting_id))
    return redirect(url_for("minutes.edit", minutes_id=draft.id), 303)


@bp.get("/minutes/<int:minutes_id>/edit")
@login_required
def edit(minutes_id: int) -> ResponseReturnValue:
    """Show the draft on one page."""
    minutes = queries.minutes_for(signed_in_user(), minutes_id)
    if minutes.state != "draft":
        return redirect(url_for("minutes.show", minutes_id=minutes.id), 303)
    return _edit_page(minutes, queries.read_content(minutes)[1])


@bp.post("/minutes/<int:minutes_id>/edit")
@login_required
def save(minutes_id: int) -> ResponseReturnValue:
    """Save the draft. The script asks for JSON, and saves every few seconds."""
    user = signed_in_user()
    minutes = queries.minutes_for(user, minutes_id)
    stored = queries.read_content(minutes)[1]
    written = SubmittedDraft(request.form, {point.id: point.stage for point in stored.points})
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        minutes, merged = actions.save_draft(user, minutes_id, written, keep_both=not by_script)
    except NotFound:
        raise
    except DialogError as error:
        if by_script:
            return jsonify(ok=False, error=error.as_dict()), error.status
        return _edit_page(minutes, written.body, written, error), error.status
    if by_script:
        return jsonify(
            ok=True,
            revision=minutes.revision,
            base=json.dumps(fingerprints(written.body)),
            saved=_("Saved %(time)s", time=format_time(utcnow(), "HH:mm")),
        )
    if merged.conflicts:
        flash(
            _(
                "Somebody else had written in the same part. Both texts are kept, one after the other: "
                "remove what should go."
            ),
            "warn",
        )
    elif request.form.get("do") == "review":
        return redirect(url_for("minutes.show", minutes_id=minutes.id), 303)
    else:
        flash(_("The draft is saved."), "ok")
    anchor = request.form.get("at") if request.form.get("at") in ("points", "agreed", "questions") else None
    return redirect(url_for("minutes.edit", minutes_id=minutes.id, _anchor=anchor), 303)


def _edit_page(
    minutes: Minutes, body: Body, written: SubmittedDraft | None = None, error: DialogError | None = None
) -> str:
    meeting = minutes.meeting
    stages = dict(queries.read_content(minutes)[0].stages)
    return render_template(
        "minutes/edit.html",
        minutes=minutes,
        meeting=meeting,
        body=body,
        base=json.dumps(written.base if written is not None else fingerprints(body)),
        faults=error.fields if isinstance(error, Invalid) else {},
        error=error,
        stages=stages,
        fresh=new_id,
        taken=[
            {"it": each, "label": _part_label(each.minutes, each.about)}
            for each in queries.corrections_of(meeting.id)
            if each.state == "taken" and each.minutes.number == minutes.number - 1
        ],
    )


@bp.get("/minutes/<int:minutes_id>")
@login_required
def show(minutes_id: int) -> str:
    """Show a version as its readers see it; a draft also with the form that sends it."""
    return _version_page(queries.minutes_for(signed_in_user(), minutes_id))


def _version_page(
    minutes: Minutes, sending: SendForm | None = None, withdrawing: WithdrawForm | None = None
) -> str:
    versions = queries.sent_versions(minutes.meeting_id)
    return render_template(
        "minutes/show.html",
        minutes=minutes,
        meeting=minutes.meeting,
        presented=present_version(minutes),
        earlier=next((each for each in versions if each.number < minutes.number), None),
        is_open=takes_corrections(minutes),
        sending=sending or SendForm(formdata=None),
        withdrawing=withdrawing or WithdrawForm(formdata=None),
        linked=queries.is_linked(minutes.meeting_id),
        formats=FORMATS,
    )


@bp.post("/minutes/<int:minutes_id>/send")
@login_required
def send(minutes_id: int) -> ResponseReturnValue:
    """Send the draft. A new address is shown once, because only its hash is stored."""
    user = signed_in_user()
    minutes = queries.minutes_for(user, minutes_id)
    form = SendForm()
    if not form.validate():
        return _version_page(minutes, sending=form), 400
    try:
        minutes, token = actions.send_draft(user, minutes_id, form.days.data or 0)
    except Invalid as error:
        form.fail(error)
        return _version_page(minutes, sending=form), error.status
    if token:
        return _address_page(minutes, token)
    flash(_("Sent. The address that you gave out before shows the new version."), "ok")
    return redirect(url_for("minutes.index", meeting_id=minutes.meeting_id), 303)


def _address_page(minutes: Minutes, token: str) -> str:
    return render_template(
        "minutes/sent.html",
        minutes=minutes,
        meeting=minutes.meeting,
        address=url_for("minutes.read", key=token, _external=True),
    )


@bp.post("/minutes/<int:minutes_id>/final")
@login_required
def finish(minutes_id: int) -> Answer:
    """Make the version final."""
    minutes = actions.finish_minutes(signed_in_user(), minutes_id)
    flash(_("The minutes are final. Nothing in them changes any more."), "ok")
    return redirect(url_for("minutes.index", meeting_id=minutes.meeting_id), 303)


@bp.post("/minutes/<int:minutes_id>/withdraw")
@login_required
def withdraw(minutes_id: int) -> ResponseReturnValue:
    """Withdraw a version with a reason."""
    user = signed_in_user()
    minutes = queries.minutes_for(user, minutes_id)
    form = WithdrawForm()
    if not form.validate():
        return _version_page(minutes, withdrawing=form), 400
    actions.withdraw_version(user, minutes_id, form.reason.data or "")
    flash(_("The version is withdrawn. Its address now shows the reason."), "ok")
    return redirect(url_for("minutes.index", meeting_id=minutes.meeting_id), 303)


@bp.post("/meetings/<int:meeting_id>/minutes/link")
@login_required
def renew_link(meeting_id: int) -> str:
    """Make a new address, and end the one before it."""
    user = signed_in_user()
    token = actions.renew_link(user, meeting_for(user, meeting_id))
    minutes = queries.current_version(queries.versions_of(meeting_id))
    if minutes is None:
        raise Conflict
    return _address_page(minutes, token)


@bp.post("/meetings/<int:meeting_id>/minutes/link/revoke")
@login_required
def revoke_link(meeting_id: int) -> Answer:
    """End the address."""
    user = signed_in_user()
    actions.revoke_link(user, meeting_for(user, meeting_id))
    flash(
        _("The address no longer works. Those who took part still find the minutes on their own page."), "ok"
    )
    return redirect(url_for("minutes.index", meeting_id=meeting_id), 303)


@bp.post("/corrections/<int:correction_id>")
@login_required
def answer(correction_id: int) -> ResponseReturnValue:
    """Answer a correction: say whether it is put in, and why."""
    user = signed_in_user()
    correction = queries.correction_for(user, correction_id)
    meeting_id = correction.minutes.meeting_id
    form = _answer_form(correction_id)
    if not form.validate():
        return _index_page(meeting_id, (correction_id, form)), 400
    actions.answer_correction(user, correction_id, form.state.data, form.answer.data or "")
    flash(_("The answer is saved."), "ok")
    return redirect(
        url_for("minutes.index", meeting_id=meeting_id, _anchor=f"correction-{correction_id}"), 303
    )
