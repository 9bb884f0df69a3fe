"""The page on which the tables of a meeting get their names and focus areas."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..errors import DialogError
from ..meetings import queries
from ..meetings.table_actions import change_tables
from ..people.current_user import signed_in_user
from .blueprint import bp
from .forms import TableForm


@bp.route("/meetings/<int:meeting_id>/tables", methods=["GET", "POST"])
@login_required
def edit_tables(meeting_id: int) -> Any:
    """Show all tables on one page, and save them together."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    if meeting.state == "closed" or not meeting.tables:
        flash(
            _("Say first how many tables there are.") if not meeting.tables else _("The meeting is closed.")
        )
        return redirect(url_for("planning.show", meeting_id=meeting.id), 303)
    forms = {table.id: TableForm.of(table, meeting) for table in meeting.tables}
    error: DialogError | None = None
    status = 200
    if next(iter(forms.values())).is_submitted():
        valid = [form.validate() for form in forms.values()]  # all of them, so that all faults are shown
        if all(valid):
            try:
                change_tables(user, meeting, {table_id: form.values for table_id, form in forms.items()})
            except DialogError as refused:
                error = refused
            else:
                flash(_("The tables are saved."), "ok")
                return redirect(url_for("planning.show", meeting_id=meeting.id, _anchor="tables"), 303)
        status = error.status if error else 400
    page = render_template("planning/tables.html", meeting=meeting, forms=forms, error=error)
    return page, status
