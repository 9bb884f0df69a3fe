"""Pages of focus areas, for members of the organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from ..errors import Invalid, require
from ..people import theme
from ..people.current_user import require_organisation, signed_in_user
from . import actions, queries
from .forms import AreaForm
from .labels import STATUS_LABELS
from .permissions import may_edit

bp = Blueprint("areas", __name__)

theme.register_rules(queries.area_colour_rules)


@bp.get("/areas")
@login_required
def index() -> str:
    user, organisation = signed_in_user(), require_organisation()
    return render_template(
        "areas/index.html",
        areas=queries.areas_of(organisation.id),
        may_edit=may_edit(user, organisation.id),
        status_labels=STATUS_LABELS,
    )


@bp.route("/areas/new", methods=["GET", "POST"])
@login_required
def new() -> Any:
    user, organisation = signed_in_user(), require_organisation()
    require(may_edit(user, organisation.id))
    position, colour = queries.next_place(organisation.id)
    form = AreaForm(data={"position": position, "colour": colour, "status": "active"})
    if form.validate_on_submit():
        try:
            area = actions.add_area(user, organisation, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("The area %(name)s is added.", name=area.name), "ok")
            return redirect(url_for("areas.index"))
    return render_template("areas/edit.html", form=form, area=None), 400 if form.errors else 200


@bp.route("/areas/<int:area_id>/edit", methods=["GET", "POST"])
@login_required
def edit(area_id: int) -> Any:
    user = signed_in_user()
    area = queries.area_for(user, area_id)
    require(may_edit(user, area.organisation_id))
    form = AreaForm(
        data={
            **{name: getattr(area, name) for name in AreaForm.COLUMNS},
            "responsible": "\n".join(party.name for party in area.responsible),
            "aliases": "\n".join(area.aliases),
        },
    )
    if form.validate_on_submit():
        try:
            actions.change_area(user, area_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("areas.index"))
    return render_template("areas/edit.html", form=form, area=area), 400 if form.errors else 200
