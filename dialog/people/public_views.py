"""What anybody may read of an organisation: notices and colours."""

from __future__ import annotations

from flask import Response, render_template

from . import queries, theme
from .blueprint import bp
from .current import organisation_words


@bp.get("/privacy/<int:organisation_id>")
def privacy(organisation_id: int) -> str:
    """The notice on personal data, linked from every page where something is sent."""
    organisation = queries.organisation_by_id(organisation_id)
    return render_template("people/privacy.html", **organisation_words(organisation))


@bp.get("/accessibility/<int:organisation_id>")
def accessibility(organisation_id: int) -> str:
    organisation = queries.organisation_by_id(organisation_id)
    return render_template("people/accessibility.html", **organisation_words(organisation))


@bp.get("/theme/<int:organisation_id>.css", endpoint="theme")
def theme_css(organisation_id: int) -> Response:
    """The organisation's colour and those of its areas. Holds no more than what any page shows."""
    sheet = Response(theme.style_sheet(queries.organisation_by_id(organisation_id)), mimetype="text/css")
    sheet.headers["Cache-Control"] = "public, max-age=60"
    return sheet
