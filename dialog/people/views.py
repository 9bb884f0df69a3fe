"""Signing in and out, one's own password, and what every page shows of the organisation."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from ..db import db
from ..errors import DialogError, Forbidden, Invalid, TooFast, Unauthorized, Unavailable
from ..extensions import login_manager
from ..web.error_pages import wants_json
from ..web.security import address_block, local_path
from . import actions, admin_views, current, passwords, public_views, queries
from .blueprint import bp
from .forms import PasswordForm, SignInForm
from .models import User
from .permissions import has_role, is_administrator

__all__ = ["admin_views", "bp", "public_views"]

#: What somebody with a temporary password may still reach.
_WITHOUT_OWN_PASSWORD = {"people.password", "people.sign_out", "people.theme", "web.choose_language"}


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """The signed-in user; nobody on the page that says that the database does not answer."""
    if g.get("database_silent"):
        return None
    try:
        return queries.session_user(session_id, str(browser.get("browser", "")))
    except SQLAlchemyError as error:
        g.database_silent = True
        raise Unavailable from error


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """To the sign-in page, and from there back to where the person was going."""
    if wants_json():
        raise Unauthorized
    going = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=going))


@bp.before_app_request
def ask_for_own_password() -> Answer | None:
    """Whoever has a temporary password chooses their own before anything else."""
    if "_user_id" not in browser or request.endpoint in _WITHOUT_OWN_PASSWORD or request.endpoint == "static":
        return None
    if not current_user.is_authenticated or not current_user.must_change_password:
        return None
    if wants_json():
        raise Forbidden(_("Choose a password of your own first."))
    return redirect(url_for("people.password"))


@bp.app_context_processor
def words_of_organisation() -> dict[str, Any]:
    """The organisation of the signed-in user, its colours, and the menu."""
    try:
        organisation = current.organisation_at_hand()
    except SQLAlchemyError:
        # This may be the page that says that something went wrong: it is shown without a menu.
        db.session.rollback()
        g.organisation_at_hand = organisation = None
    words = current.organisation_words(organisation)
    signed_in = current_user.is_authenticated
    if not signed_in:
        words["footer_links"] = [{"label": _("Sign in"), "url": url_for("people.sign_in")}]
    return {
        **words,
        "nav": _menu(organisation.id) if organisation else [],
        "user_links": _own_links() if signed_in else [],
        "home_url": url_for("people.home") if signed_in else url_for("meetings.start"),
        "public_home_url": url_for("meetings.start"),
        "sign_out_url": url_for("people.sign_out"),
    }


def _menu(organisation_id: int) -> list[dict[str, Any]]:
    items = []
    if has_role(current_user, organisation_id, "administrator", "moderator", "official"):
        items += [(_("Dialogues"), "dialogues.index"), (_("The meetings"), "meetings.index")]
    items.append((_("Focus areas"), "areas.index"))
    if has_role(current_user, organisation_id, "administrator", "moderator", "official"):
        items.append((_("Methods"), "dialogues.methods"))
    items.append((_("Reports"), "reports.index"))
    if is_administrator(current_user, organisation_id):
        items += [(_("People"), "people.users"), (_("Organisation"), "people.organisation")]
    return [
        {"label": label, "url": url, "current": request.path == url or request.path.startswith(f"{url}/")}
        for label, url in ((label, url_for(endpoint)) for label, endpoint in items)
    ]


def _own_links() -> list[dict[str, str]]:
    links = [{"label": _("Change password"), "url": url_for("people.password")}]
    if len({each.organisation_id for each in current.signed_in_user().memberships}) > 1:
        links.append({"label": _("Change organisation"), "url": url_for("people.choose")})
    return links


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """E-mail and password; the same sentence whatever was wrong."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("people.home"))
    form = SignInForm(next=request.args.get("next", ""))
    status, headers = 200, {}
    if form.validate_on_submit():
        try:
            actions.sign_in(form.values["email"], form.values["password"], address_block())
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
def sign_out() -> Answer:
    if current_user.is_authenticated:
        actions.sign_out(current.signed_in_user())
        flash(_("You are signed out."), "ok")
    return redirect(url_for("people.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@login_required
def password() -> Any:
    """One's own password; whoever has a temporary one is sent here first."""
    user = current.signed_in_user()
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
        "people/password.html", form=form, temporary=user.must_change_password, least=passwords.SHORTEST
    )
    return page, 400 if form.errors else 200


@bp.get("/home")
@login_required
def home() -> Answer:
    """Where somebody's work is."""
    organisation = current.organisation_at_hand()
    if organisation is None:
        return redirect(url_for("people.choose"))
    if has_role(current_user, organisation.id, "administrator", "moderator", "official"):
        return redirect(url_for("dialogues.index"))
    return redirect(url_for("reports.index"))


@bp.route("/organisations", methods=["GET", "POST"])
@login_required
def choose() -> Any:
    """Which organisation to look at, for somebody who works for several (or, as yet, for none)."""
    mine = queries.organisations_of(current.signed_in_user())
    if request.method == "POST":
        wanted = request.form.get("organisation", "")
        found = [each for each in mine if str(each.id) == wanted]
        if not found:
            raise Invalid
        browser[current.CHOSEN] = found[0].id
        return redirect(url_for("people.home"))
    return render_template("people/choose.html", organisations=mine)
