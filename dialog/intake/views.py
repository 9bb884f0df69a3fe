"""The page for notes: type them, paste them or choose a file."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import login_required

from ..forms import new_uuid
from ..meetings.models import Meeting
from ..meetings.queries import meeting_for
from ..people.current_user import signed_in_user
from ..people.models import User
from . import queries
from .blueprint import bp
from .files import ACCEPT
from .forms import NotesForm
from .parsing import split_lines
from .preview import first_preview
from .preview_rows import CHANNELS, MAX_NOTES
from .typed_note_actions import SaveResult, save_lines


@bp.route("/paper", methods=["GET", "POST"])
@login_required
def enter_notes(meeting_id: int) -> ResponseReturnValue:
    """Show the form, and save its notes or lead on to the preview."""
    user = signed_in_user()
    meeting = meeting_for(user, meeting_id)
    form = NotesForm(meeting=meeting)
    if not form.is_submitted():
        form.uuid.data = new_uuid()
        return _render_page(meeting, form)
    if not form.validate():
        return _render_page(meeting, form), 400
    if form.file.data or request.form.get("act") == "preview":
        preview = first_preview(meeting, form)
        return preview if preview is not None else (_render_page(meeting, form), 400)
    return _save_at_once(user, meeting, form)


def _save_at_once(user: User, meeting: Meeting, form: NotesForm) -> ResponseReturnValue:
    table = form.table.data if "table" in form else ""
    result = save_lines(
        user,
        meeting,
        form.uuid.data or "",
        split_lines(form.notes.data or ""),
        channel=form.channel.data or CHANNELS[0],
        area=int(form.area.data) if form.area.data else None,
        kind=form.kind.data or None,
        table=int(table) if table else None,
        stands_for=form.stands_for.data or 1,
        in_round=form.round.data,
    )
    _flash_result(result)
    if not result.faulty:
        return redirect(url_for("intake.enter_notes", meeting_id=meeting.id), 303)
    # Saved notes leave the box, and the rest is a new form with a UUID of its own.
    form.notes.data = "\n".join(line.text for line, _reason in result.faulty)
    form.uuid.data = new_uuid()
    return _render_page(meeting, form, result), 400


def _flash_result(result: SaveResult) -> None:
    if result.saved:
        flash(ngettext("%(num)s card saved.", "%(num)s cards saved.", result.saved), "ok")
    if result.repeated:
        flash(
            ngettext(
                "%(num)s note had already been saved and was not saved again.",
                "%(num)s notes had already been saved and were not saved again.",
                result.repeated,
            )
        )


def _render_page(meeting: Meeting, form: NotesForm, result: SaveResult | None = None) -> str:
    return render_template(
        "intake/notes.html",
        meeting=meeting,
        form=form,
        result=result,
        max_notes=MAX_NOTES,
        accept=ACCEPT,
        earlier=queries.list_intakes(meeting),
    )
