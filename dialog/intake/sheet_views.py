"""Sheets to print for a meeting on paper: cards to cut out, and the question and rules for each table."""

from __future__ import annotations

from flask import render_template, request
from flask_login import login_required

from ..dialogues.labels import label_of
from ..meetings import queries
from ..meetings.models import Meeting, Table
from ..meetings.public_address import join_address, spoken
from ..people.current_user import signed_in_user
from .blueprint import bp

#: Cards on one A4 page to choose between: two columns of three or four.
PER_PAGE = (6, 8)


@bp.get("/sheets")
@login_required
def show_card_sheets(meeting_id: int) -> str:
    """Show cards to print and cut out: one page for any table, or one for each table."""
    meeting = queries.meeting_for(signed_in_user(), meeting_id)
    asked = request.args.get("per", "")
    per_page = next((number for number in PER_PAGE if str(number) == asked), PER_PAGE[0])
    return render_template(
        "intake/sheets.html",
        meeting=meeting,
        question=meeting.question or meeting.dialogue.question,
        kinds=[label_of(kind) for kind in meeting.kinds],
        per_page=per_page,
        choices=PER_PAGE,
        pages=_pages(meeting),
        address=_address(meeting),
    )


@bp.get("/sheets/tables")
@login_required
def show_table_sheets(meeting_id: int) -> str:
    """Show the sheet that lies on each table: the question in large type, and the rules."""
    meeting = queries.meeting_for(signed_in_user(), meeting_id)
    return render_template(
        "intake/table_sheets.html",
        meeting=meeting,
        question=meeting.question or meeting.dialogue.question,
        pages=_pages(meeting, each=True),
        address=_address(meeting),
    )


def _pages(meeting: Meeting, *, each: bool = False) -> list[Table | None]:
    """Return the tables to make a page for, or a single None for a page without a table."""
    return [*meeting.tables] if meeting.tables and (each or "tables" in request.args) else [None]


def _address(meeting: Meeting) -> str:
    """Return the join address as it is read aloud, if a code was asked for and the meeting can be joined."""
    address = join_address(meeting) if "qr" in request.args else None
    return spoken(address) if address else ""
