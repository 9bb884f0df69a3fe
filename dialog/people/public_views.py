"""Public pages of an organisation: notices and style sheet."""

from __future__ import annotations

from flask import Response, render_template

from . import queries, theme
from .blueprint import bp
from .current_user import organisation_context


@bp.get("/privacy/<int:organisation_id>")
def privacy(organisation_id: int) -> str:
    """Show the notice on personal data, which every page with a form links to."""
    organisation = queries.organisation_by_id(organisation_id)
    return render_template("people/privacy.html", **organisation_context(organisation))


@bp.get("/accessibility/<int:organisation_id>")
def accessibility(organisation_id: int) -> str:
    organisation = queries.organisation_by_id(organisation_id)
    return render_template("people/accessibility.html", **organisation_context(organisation))


@bp.get("/theme/<int:organisation_id>.css", endpoint="theme")
def theme_css(organisation_id: int) -> Response:
    """Serve the colours of the organisation and its areas. It holds nothing that pages do not show."""
    sheet = Response(theme.style_sheet(queries.organisation_by_id(organisation_id)), mimetype="text/css")
    sheet.headers["Cache-Control"] = "public, max-age=60"
    return sheet
