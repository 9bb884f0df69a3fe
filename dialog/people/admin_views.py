"""Pages for administrators: the people of the organisation, its bodies, its name and its notices."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as WerkzeugResponse

from ..errors import Invalid, require
from . import account_actions, notices, organisation_actions, queries
from .blueprint import bp
from .current_user import require_organisation, signed_in_user
from .forms import BodyForm, NoticesForm, OrganisationForm, UserForm
from .labels import BODY_KIND_LABELS, ROLE_LABELS, ROLE_MEANINGS
from .models import Organisation, User
from .permissions import is_administrator, may_manage_account


def _administrator() -> tuple[User, Organisation]:
    """Return the signed-in user and their organisation; raise ``Forbidden`` unless they administer it."""
    user, organisation = signed_in_user(), require_organisation()
    require(is_administrator(user, organisation.id), _("Only administrators can do this."))
    return user, organisation


# --- People


@bp.get("/people")
@login_required
def users() -> str:
    _user, organisation = _administrator()
    people = [
        (
            person,
            [ROLE_LABELS[role] for role in ROLE_LABELS if role in queries.roles_in(person, organisation.id)],
        )
        for person in queries.members_of(organisation.id)
    ]
    return render_template("people/users.html", people=people)


@bp.route("/people/new", methods=["GET", "POST"])
@login_required
def new_user() -> Any:
    actor, organisation = _administrator()
    form = UserForm()
    if form.validate_on_submit():
        try:
            person, temporary = account_actions.add_user(actor, organisation, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            return render_template("people/temporary.html", person=person, temporary=temporary, new=True)
    page = render_template("people/user.html", form=form, person=None, meanings=_meanings())
    return page, 400 if form.errors else 200


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@login_required
def user(user_id: int) -> Any:
    actor, organisation = _administrator()
    person = queries.member(organisation.id, user_id)
    form = UserForm(
        data={"name": person.name, "email": person.email, "roles": queries.roles_in(person, organisation.id)}
    )
    if form.validate_on_submit():
        try:
            account_actions.change_user(actor, organisation, user_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("people.users"))
    page = render_template(
        "people/user.html",
        form=form,
        person=queries.member(organisation.id, user_id),
        whole=may_manage_account(actor, person),
        meanings=_meanings(),
    )
    return page, 400 if form.errors else 200


def _meanings() -> list[tuple[Any, Any]]:
    return [(ROLE_LABELS[role], ROLE_MEANINGS[role]) for role in ROLE_LABELS]


@bp.post("/people/<int:user_id>/password")
@login_required
def reset_password(user_id: int) -> str:
    """Show the temporary password in the response itself, because it is stored nowhere."""
    actor, organisation = _administrator()
    person, temporary = account_actions.reset_password(actor, organisation, user_id)
    return render_template("people/temporary.html", person=person, temporary=temporary, new=False)


@bp.post("/people/<int:user_id>/stop")
@login_required
def stop_user(user_id: int) -> WerkzeugResponse:
    return _set_active(user_id, active=False)


@bp.post("/people/<int:user_id>/start")
@login_required
def start_user(user_id: int) -> WerkzeugResponse:
    return _set_active(user_id, active=True)


def _set_active(user_id: int, *, active: bool) -> WerkzeugResponse:
    actor, organisation = _administrator()
    try:
        person = account_actions.set_active(actor, organisation, user_id, active=active)
    except Invalid as error:
        flash(" ".join(error.fields.values()), "bad")
        return redirect(url_for("people.user", user_id=user_id))
    if active:
        flash(_("%(name)s can sign in again.", name=person.name), "ok")
    else:
        flash(_("%(name)s can no longer sign in.", name=person.name), "ok")
    return redirect(url_for("people.users"))


# --- Organisation and bodies


@bp.route("/organisation", methods=["GET", "POST"])
@login_required
def organisation() -> Any:
    actor, own = _administrator()
    form = OrganisationForm(data={"name": own.name, "colour": own.colour})
    if form.validate_on_submit():
        try:
            organisation_actions.change_organisation(actor, own, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("people.organisation"))
    page = render_template(
        "people/organisation.html", form=form, bodies=queries.bodies_of(own.id), body_kinds=BODY_KIND_LABELS
    )
    return page, 400 if form.errors else 200


@bp.route("/organisation/bodies/new", methods=["GET", "POST"])
@login_required
def new_body() -> Any:
    actor, own = _administrator()
    form = BodyForm()
    if form.validate_on_submit():
        try:
            organisation_actions.add_body(actor, own, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            return redirect(url_for("people.organisation"))
    return render_template("people/body.html", form=form, body=None), 400 if form.errors else 200


@bp.route("/organisation/bodies/<int:body_id>", methods=["GET", "POST"])
@login_required
def body(body_id: int) -> Any:
    actor, own = _administrator()
    found = queries.body(own.id, body_id)
    form = BodyForm(data={"name": found.name, "kind": found.kind})
    if form.validate_on_submit():
        try:
            organisation_actions.change_body(actor, own, body_id, **form.values)
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("people.organisation"))
    page = render_template("people/body.html", form=form, body=queries.body(own.id, body_id))
    return page, 400 if form.errors else 200


@bp.post("/organisation/bodies/<int:body_id>/remove")
@login_required
def remove_body(body_id: int) -> WerkzeugResponse:
    actor, own = _administrator()
    try:
        organisation_actions.remove_body(actor, own, body_id)
    except Invalid as error:
        flash(error.message, "bad")
    else:
        flash(_("The body is removed."), "ok")
    return redirect(url_for("people.organisation"))


# --- Notices


@bp.route("/organisation/notices", methods=["GET", "POST"], endpoint="notices")
@login_required
def edit_notices() -> Any:
    actor, own = _administrator()
    own = queries.organisation_by_id(own.id)
    both = ((own.privacy, NoticesForm.PRIVACY), (own.accessibility, NoticesForm.ACCESSIBILITY))
    form = NoticesForm(
        data={field: getattr(notice, column) for notice, names in both for field, column in names.items()}
    )
    if form.validate_on_submit():
        changed = organisation_actions.change_notices(
            actor, own, form.texts(NoticesForm.PRIVACY), form.texts(NoticesForm.ACCESSIBILITY)
        )
        flash(
            _("Saved. Residents see the new texts at once.") if changed else _("Nothing was changed."), "ok"
        )
        return redirect(url_for("people.notices"))
    page = render_template(
        "people/notices.html",
        form=form,
        to_fill_in=[
            form[name] for _notice, names in both for name in names if notices.has_gap(form.values[name])
        ],
        privacy_fields=[form[name] for name in NoticesForm.PRIVACY],
        accessibility_fields=[form[name] for name in NoticesForm.ACCESSIBILITY],
        gap=notices.TO_FILL_IN,
    )
    return page, 400 if form.errors else 200
