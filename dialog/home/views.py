"""The public start page: what residents can do, follow and read today."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ..dialogues.labels import STATE_LABELS
from ..errors import NotFound, TooFast
from ..joining import codes
from ..meetings import queries as meeting_queries
from ..meetings.join_codes import read_code
from ..people.current_user import organisation_context
from ..reports.queries import published_reports
from ..web.filters import code as shown_code
from . import queries

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """Show what is open now, under way and published, and the field for a join code."""
    return _page()


@bp.get("/join")
def find_meeting() -> Any:
    """Redirect from a typed code to the meeting. It is a GET, so that the start page needs no cookie."""
    typed = request.args.get("code", "")[:40]
    if not read_code(typed):
        return render_template("home/join_code.html", typed="", error="", **_organisation())
    try:
        meeting = codes.meeting_by_code(typed)
    except TooFast as error:
        return _code_page(typed, error.message), error.status, {"Retry-After": str(error.retry_after)}
    except NotFound as error:
        why = _("No open meeting has this code. Look at it once more, or ask the process leader.")
        return _code_page(typed, why), error.status
    return redirect(url_for("participation.show_welcome", code=shown_code(meeting.join_code)))


def _code_page(typed: str, error: str) -> str:
    return render_template("home/join_code.html", typed=typed, error=error, **_organisation())


def _page() -> str:
    open_now = meeting_queries.open_online_meetings()
    open_dialogues = {meeting.dialogue_id for meeting in open_now}
    return render_template(
        "home/start.html",
        open_now=open_now,
        under_way=[
            dialogue for dialogue in queries.dialogues_under_way() if dialogue.id not in open_dialogues
        ],
        reports=published_reports()[:8],
        areas=queries.active_areas(),
        state_labels=STATE_LABELS,
        **_organisation(),
    )


def _organisation() -> dict[str, Any]:
    return organisation_context(queries.only_organisation())
