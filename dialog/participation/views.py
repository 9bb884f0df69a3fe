"""The participant page, and the service worker that keeps it open without contact."""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue

from ..joining.current_actor import current_visitor
from .blueprint import bp
from .page import render_page


@bp.get("/m/<int:meeting_id>")
def show(meeting_id: int) -> ResponseReturnValue:
    """Show the participant page, to whoever has joined or may join without a code."""
    return render_page(current_visitor(meeting_id))


@bp.get("/m/worker.js")
def serve_worker() -> ResponseReturnValue:
    """Send the service worker. Its address limits it to the participants' pages: it never sees any other."""
    answer = current_app.send_static_file("js/participation/worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
