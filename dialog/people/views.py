"""Sign-in pages, the user's own password, and template variables of the organisation."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as WerkzeugResponse

from ..db import db
from ..errors import DialogError, Forbidden, Invalid, TooFast, Unauthorized, Unavailable
from ..extensions import login_manager
from ..web.addresses import local_path
from ..web.client_address import client_network
from ..web.error_pages import wants_json
from . import actions, admin_views, passwords, public_views, queries
from .blueprint import bp
from .current_user import (
    ORGANISATION_KEY,
    current_organisation,
    organisation_context,
    signed_in_user,
    signed_in_user_or_none,
)
from .forms import PasswordForm, SignInForm
from .models import User
from .permissions import has_role, is_administrator

__all__ = ["admin_views", "bp", "public_views"]

#: Endpoints that a user with a temporary password may still reach.
_ALWAYS_ALLOWED = {
    "people.password",
    "people.sign_out",
    "people.theme",
    "web.choose_language",
}


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """Return the signed-in user; None on the page that says that the database does not answer."""
    if g.get("database_unavailable"):
        return None
    try:
        return queries.session_user(session_id, str(browser.get("browser", "")))
    except SQLAlchemyError as error:
        g.database_unavailable = True
        raise Unavailable from error


@login_manager.unauthorized_handler
def ask_to_sign_in() -> WerkzeugResponse:
    """Redirect to the sign-in page, which then returns to the page that was requested."""
    if wants_json():
        raise Unauthorized
    requested = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=requested))


@bp.before_app_request
def ask_for_own_password() -> WerkzeugResponse | None:
    """Redirect a user with a temporary password to the page where they choose their own."""
    if "_user_id" not in browser or request.endpoint in _ALWAYS_ALLOWED or request.endpoint == "static":
        return None
    if not current_user.is_authenticated or not current_user.must_change_password:
        return None
    if wants_json():
        raise Forbidden(_("Choose a password of your own first."))
    return redirect(url_for("people.password"))


@bp.app_context_processor
def organisation_template_context() -> dict[str, Any]:
    """Return the template variables of the signed-in user: organisation, colours and menu."""
    try:
        organisation = current_organisation()
    except SQLAlchemyError:
        # This may be an error page: it is shown without a menu.
        db.session.rollback()
        g.current_organisation = organisation = None
    words = organisation_context(organisation)
    signed_in = current_user.is_authenticated
    if not signed_in:
        words["footer_links"] = [{"label": _("Sign in"), "url": url_for("people.sign_in")}]
    return {
        **words,
        "nav": _menu(organisation.id) if organisation else [],
        "user_links": _own_links() if signed_in else [],
        "home_url": url_for("people.home") if signed_in else url_for("home.show"),
        "public_home_url": url_for("home.show"),
        "sign_out_url": url_for("people.sign_out"),
    }


def _menu(organisation_id: int) -> list[dict[str, Any]]:
    items = []
    if has_role(signed_in_user_or_none(), organisation_id, "administrator", "moderator", "official"):
        items += [(_("Dialogues"), "dialogues.index"), (_("The meetings"), "planning.index")]
    items.append((_("Focus areas"), "areas.index"))
    if has_role(signed_in_user_or_none(), organisation_id, "administrator", "moderator", "official"):
        items.append((_("Methods"), "dialogues.methods"))
    items.append((_("Reports"), "reports.index"))
    if is_administrator(signed_in_user_or_none(), organisation_id):
        items += [(_("People"), "people.users"), (_("Organisation"), "people.organisation")]
    return [
        {"label": label, "url": url, "current": request.path == url or request.path.startswith(f"{url}/")}
        for label, url in ((label, url_for(endpoint)) for label, endpoint in items)
    ]


def _own_links() -> list[dict[str, str]]:
    links = [{"label": _("Change password"), "url": url_for("people.password")}]
    if len({each.organisation_id for each in signed_in_user().memberships}) > 1:
        links.append({"label": _("Change organisation"), "url": url_for("people.choose")})
    return links


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Sign in with e-mail and password; an error says the same whatever was wrong."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("people.home"))
    form = SignInForm(next=request.args.get("next", ""))
    status, headers = 200, {}
    if form.validate_on_submit():
        try:
            actions.sign_in(form.values["email"], form.values["password"], client_network())
        except DialogError as error:
            form.fail(Invalid(message=error.message))
            status = error.status
            if isinstance(error, TooFast):
                headers["Retry-After"] = str(error.retry_after)
        else:
            return redirect(local_path(form.next.data) if form.next.data else url_for("people.home"))
    elif form.is_submitted():
        status = 400
    return render_template("people/sign_in.html", form=form), status, headers


@bp.post("/sign-out")
def sign_out() -> WerkzeugResponse:
    if current_user.is_authenticated:
        actions.sign_out(signed_in_user())
        flash(_("You are signed out."), "ok")
    return redirect(url_for("people.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@login_required
def password() -> Any:
    """Change one's own password; a user with a temporary one is redirected here first."""
    user = signed_in_user()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            actions.change_own_password(user, form.values["current"], form.values["password"])
        except Invalid as error:
            form.fail(error)
        else:
            flash(_("Your password is changed. Other devices are signed out."), "ok")
            return redirect(url_for("people.home"))
    page = render_template(
        "people/password.html", form=form, temporary=user.must_change_password, least=passwords.MIN_LENGTH
    )
    return page, 400 if form.errors else 200


@bp.get("/home")
@login_required
def home() -> WerkzeugResponse:
    """Redirect to the page where the user's work is."""
    organisation = current_organisation()
    if organisation is None:
        return redirect(url_for("people.choose"))
    if has_role(signed_in_user_or_none(), organisation.id, "administrator", "moderator", "official"):
        return redirect(url_for("dialogues.index"))
    return redirect(url_for("reports.index"))


@bp.route("/organisations", methods=["GET", "POST"])
@login_required
def choose() -> Any:
    """Choose the organisation to work in, for a user who belongs to several or to none yet."""
    own = queries.organisations_of(signed_in_user())
    if request.method == "POST":
        wanted = request.form.get("organisation", "")
        found = [each for each in own if str(each.id) == wanted]
        if not found:
            raise Invalid
        browser[ORGANISATION_KEY] = found[0].id
        return redirect(url_for("people.home"))
    return render_template("people/choose.html", organisations=own)
