"""The public start page: what a resident can do, follow and read today.

It stands above the domains because it shows something of several of them.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ..areas.models import FocusArea
from ..db import db
from ..dialogues.labels import STATE_LABELS
from ..dialogues.models import Dialogue, DialogueArea
from ..errors import NotFound, TooFast
from ..meetings import join_codes, queries
from ..meetings.join_codes import read_code
from ..people.current_user import organisation_context
from ..people.models import Organisation
from ..reports.queries import published
from ..web.filters import code as shown_code

bp = Blueprint("home", __name__)

#: States in which a dialogue is under way in public: asked for, and not yet answered.
UNDER_WAY = ("invited", "running", "collected", "analysis", "report", "decision")


@bp.get("/")
def show() -> str:
    """Open now, under way, to read; and the place to type a code."""
    return _page()


@bp.get("/join")
def find_meeting() -> Any:
    """From a typed code to the meeting. A GET: it changes nothing, and the start page needs no cookie."""
    typed = request.args.get("code", "")[:40]
    if not read_code(typed):
        return render_template("home/join_code.html", typed="", error="", **_organisation())
    try:
        meeting = join_codes.meeting_by_code(typed)
    except TooFast as error:
        return _wrong(typed, error.message), error.status, {"Retry-After": str(error.retry_after)}
    except NotFound as error:
        why = _("No open meeting has this code. Look at it once more, or ask the process leader.")
        return _wrong(typed, why), error.status
    return redirect(url_for("participation.show_welcome", code=shown_code(meeting.join_code)))


def _wrong(typed: str, error: str) -> str:
    return render_template("home/join_code.html", typed=typed, error=error, **_organisation())


def _page() -> str:
    open_now = queries.open_online_meetings()
    asked = {meeting.dialogue_id for meeting in open_now}
    return render_template(
        "home/start.html",
        open_now=open_now,
        under_way=[dialogue for dialogue in _under_way() if dialogue.id not in asked],
        reports=published()[:8],
        areas=_areas(),
        state_labels=STATE_LABELS,
        **_organisation(),
    )


def _organisation() -> dict[str, Any]:
    """The one organisation whose installation this is; none where several share it."""
    few = list(db.session.scalars(select(Organisation).limit(2)))
    return organisation_context(few[0] if len(few) == 1 else None)


def _under_way() -> list[Dialogue]:
    query = (
        select(Dialogue)
        .options(
            joinedload(Dialogue.organisation),
            selectinload(Dialogue.chosen_areas).joinedload(DialogueArea.area),
        )
        .where(Dialogue.state.in_(UNDER_WAY))
        .order_by(Dialogue.decision_date.is_(None), Dialogue.decision_date, Dialogue.id.desc())
    )
    return list(db.session.scalars(query))


def _areas() -> list[FocusArea]:
    query = (
        select(FocusArea)
        .options(selectinload(FocusArea.responsible))
        .where(FocusArea.status == "active")
        .order_by(FocusArea.organisation_id, FocusArea.position, FocusArea.id)
    )
    return list(db.session.scalars(query))
