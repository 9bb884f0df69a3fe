"""The facilitation screen, from which a moderator leads a meeting."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import login_required

from .blueprint import bp
from .screen import current_moderator, render_changing_parts, render_page


@bp.get("/room")
@login_required
def show(meeting_id: int) -> ResponseReturnValue:
    """Show the screen."""
    return render_page(current_moderator(meeting_id))


@bp.get("/room/now")
@login_required
def show_changing_parts(meeting_id: int) -> ResponseReturnValue:
    """Send the parts of the screen that change, except the cards, for the script to put in place."""
    return render_changing_parts(current_moderator(meeting_id))
