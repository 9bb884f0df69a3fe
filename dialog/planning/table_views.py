"""What the tables are called, and which focus areas each talks about."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from ..errors import DialogError
from ..forms import Choices, PageForm, Text
from ..meetings import queries
from ..meetings.models import Meeting, Table
from ..meetings.table_actions import change_tables
from ..people.current_user import signed_in_user
from .blueprint import bp


class TableForm(PageForm):
    """One table; several stand on the page, told apart by their prefix."""

    name = Text(_l("What the table is called"), max=120)
    areas = Choices(_l("Focus areas"), coerce=int)

    @classmethod
    def of(cls, table: Table, meeting: Meeting) -> TableForm:
        form = cls(
            prefix=f"table{table.id}-",
            data={"name": table.name, "areas": [chosen.area_id for chosen in table.chosen_areas]},
            meta={"csrf": False},
        )
        form.areas.offer((area.id, area.name) for area in meeting.areas)
        return form


@bp.route("/meetings/<int:meeting_id>/tables", methods=["GET", "POST"])
@login_required
def tables(meeting_id: int) -> Any:
    """All tables on one page, saved together."""
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
        judged = [form.validate() for form in forms.values()]
        if all(judged):
            try:
                change_tables(user, meeting, {number: form.values for number, form in forms.items()})
            except DialogError as refused:
                error = refused
            else:
                flash(_("The tables are saved."), "ok")
                return redirect(url_for("planning.show", meeting_id=meeting.id, _anchor="tables"), 303)
        status = error.status if error else 400
    page = render_template("planning/tables.html", meeting=meeting, forms=forms, error=error)
    return page, status
