"""Who asks, and for which organisation."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user

from ..errors import NotFound, Unauthorized
from . import queries
from .models import Organisation, User

#: The name in the session cookie under which a member of several organisations keeps the one at hand.
CHOSEN = "organisation"


def signed_in_user() -> User:
    """The user who asks; ``Unauthorized`` when nobody is signed in."""
    user = current_user._get_current_object()
    if not isinstance(user, User):
        raise Unauthorized
    return user


def organisation_at_hand() -> Organisation | None:
    """The organisation whose pages the signed-in user looks at; None for residents."""
    if not current_user.is_authenticated:
        return None
    if "organisation_at_hand" not in g:
        mine = queries.organisations_of(signed_in_user())
        chosen = [each for each in mine if each.id == browser.get(CHOSEN)]
        g.organisation_at_hand = next(iter(chosen or mine), None)
    found: Organisation | None = g.organisation_at_hand
    return found


def own_organisation() -> Organisation:
    """The same, for pages that cannot do without one."""
    organisation = organisation_at_hand()
    if organisation is None:
        raise NotFound
    return organisation


def organisation_words(organisation: Organisation | None) -> dict[str, Any]:
    """What the page skeletons need to show *organisation*: name, colours, and its notices in the footer.

    For a resident's page: ``render_template(…, **organisation_words(dialogue.organisation))``.
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
