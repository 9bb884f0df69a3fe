"""The signed-in user and the organisation they work in."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user

from ..errors import NotFound, Unauthorized
from . import queries
from .models import Organisation, User

#: Key in the session cookie for the organisation that a member of several has chosen.
ORGANISATION_KEY = "organisation"


def signed_in_user_or_none() -> User | None:
    """Return the signed-in user; None when nobody is signed in."""
    user = current_user._get_current_object()
    return user if isinstance(user, User) else None


def signed_in_user() -> User:
    """Return the signed-in user; raise ``Unauthorized`` when nobody is signed in."""
    user = signed_in_user_or_none()
    if user is None:
        raise Unauthorized
    return user


def current_organisation() -> Organisation | None:
    """Return the organisation whose pages the signed-in user looks at; None for residents."""
    if not current_user.is_authenticated:
        return None
    if "current_organisation" not in g:
        own = queries.organisations_of(signed_in_user())
        chosen = [each for each in own if each.id == browser.get(ORGANISATION_KEY)]
        g.current_organisation = next(iter(chosen or own), None)
    found: Organisation | None = g.current_organisation
    return found


def require_organisation() -> Organisation:
    """Return the current organisation; raise ``NotFound`` when the user has none."""
    organisation = current_organisation()
    if organisation is None:
        raise NotFound
    return organisation


def organisation_context(organisation: Organisation | None) -> dict[str, Any]:
    """Return the template variables with which base pages show *organisation*: name, colours, footer links.

    For a resident's page: ``render_template(…, **organisation_context(dialogue.organisation))``.
    """
    if organisation is None:
        return {"organisation": None, "theme_url": None, "footer_links": []}
    return {
        "organisation": organisation,
        "theme_url": url_for("people.theme", organisation_id=organisation.id),
        "footer_links": [
            {"label": _("Personal data"), "url": url_for("people.privacy", organisation_id=organisation.id)},
            {
                "label": _("Accessibility"),
                "url": url_for("people.accessibility", organisation_id=organisation.id),
            },
        ],
    }
