"""Pages of the participation ladder."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from ..errors import Invalid, require
from ..people.current_user import require_organisation, signed_in_user
from ..people.models import Organisation, User
from ..people.permissions import is_administrator
from . import labels, level_actions, queries
from .blueprint import bp
from .forms import LevelForm


def _administrator() -> tuple[User, Organisation]:
    user, organisation = signed_in_user(), require_organisation()
    require(is_administrator(user, organisation.id), _("Only administrators can do this."))
    return user, organisation


@bp.get("/organisation/levels", endpoint="levels")
@login_required
def list_levels() -> str:
    _user, organisation = _administrator()
    return render_template("dialogues/levels.html", levels=queries.levels_of(organisation.id), labels=labels)


@bp.route("/organisation/levels/new", methods=["GET", "POST"])
@login_required
def new_level() -> Any:
    user, organisation = _administrator()
    form = LevelForm(data={"position": len(queries.levels_of(organisation.id))})
    if form.validate_on_submit():
        level_actions.add_level(user, organisation, **form.values)
        return redirect(url_for("dialogues.levels"))
    return render_template("dialogues/level.html", form=form, level=None), 400 if form.errors else 200


@bp.route("/organisation/levels/<int:level_id>", methods=["GET", "POST"])
@login_required
def level(level_id: int) -> Any:
    user, organisation = _administrator()
    found = queries.level(organisation.id, level_id)
    form = LevelForm(obj=found)
    if form.validate_on_submit():
        level_actions.change_level(user, organisation, level_id, **form.values)
        flash(_("Saved."), "ok")
        return redirect(url_for("dialogues.levels"))
    page = render_template("dialogues/level.html", form=form, level=found, name=labels.label_of(found))
    return page, 400 if form.errors else 200


@bp.post("/organisation/levels/<int:level_id>/remove")
@login_required
def remove_level(level_id: int) -> WerkzeugResponse:
    user, organisation = _administrator()
    try:
        level_actions.remove_level(user, organisation, level_id)
    except Invalid as error:
        flash(error.message, "bad")
    else:
        flash(_("The level is removed."), "ok")
    return redirect(url_for("dialogues.levels"))
