"""The invitation to a meeting: the QR code to scan, the poster to print and the calendar file to send."""

from __future__ import annotations

import io
from datetime import timedelta

import segno
from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_login import login_required
from icalendar import Calendar, Event

from ..db import utcnow
from ..errors import NotFound
from ..joining import codes
from ..meetings import queries
from ..meetings.models import Meeting
from ..meetings.public_address import join_address, public_address, spoken
from ..people.current_user import organisation_context, signed_in_user
from ..web.filters import code as shown_code
from .blueprint import bp

#: The length of a meeting in the calendar when no end is planned.
USUAL_LENGTH = timedelta(hours=2)


@bp.get("/j/<code>.svg")
def show_qr_code(code: str) -> Response:
    """Draw the join code as a QR code. Wrong codes are counted, because this page answers guesses too."""
    meeting = codes.meeting_by_code(code)
    return _draw_qr_code(public_address("participation.show_welcome", code=shown_code(meeting.join_code)))


@bp.get("/m/<int:meeting_id>.svg")
def show_public_qr_code(meeting_id: int) -> Response:
    """Draw the public address of an open online meeting as a QR code."""
    if queries.online_meeting(meeting_id) is None:
        raise NotFound
    return _draw_qr_code(public_address("participation.show", meeting_id=meeting_id))


def _draw_qr_code(address: str) -> Response:
    drawn = io.BytesIO()
    # White is drawn too, because a code on a dark page could not be scanned. Size and colours are attributes,
    # because our own policy refuses styles where the picture is opened by itself.
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@bp.get("/meetings/<int:meeting_id>/poster")
@login_required
def show_poster(meeting_id: int) -> str:
    """Show the poster, an A4 page for the door and the tables."""
    meeting = queries.meeting_for(signed_in_user(), meeting_id)
    address = join_address(meeting)
    return render_template(
        "planning/poster.html",
        meeting=meeting,
        address=address,
        spoken=spoken(public_address("home.show") if meeting.join_code else address or ""),
        **organisation_context(meeting.dialogue.organisation),
    )


@bp.get("/meetings/<int:meeting_id>/calendar.ics")
@login_required
def download_calendar(meeting_id: int) -> Response:
    """Send the meeting as a calendar file, for the invitation."""
    meeting = queries.meeting_for(signed_in_user(), meeting_id)
    if meeting.starts_at is None:
        raise NotFound(_("Say when the meeting is, and there will be a calendar file."))
    answer = Response(_calendar_file(meeting), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f"attachment; filename=dialog-{meeting.id}.ics"
    return answer


def _calendar_file(meeting: Meeting) -> bytes:
    assert meeting.starts_at is not None
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{request.host.partition(':')[0]}")
    event.add("dtstamp", utcnow())
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at or meeting.starts_at + USUAL_LENGTH)
    event.add("summary", meeting.title)
    event.add("description", _description(meeting))
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.has_public_address:
        event.add("url", public_address("participation.show", meeting_id=meeting.id))
    calendar = Calendar()
    calendar.add("prodid", "-//Dialog//sv")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(meeting: Meeting) -> str:
    dialogue = meeting.dialogue
    parts = [meeting.question or dialogue.question]
    if dialogue.can_influence:
        parts.append(f"{_('What you can influence')}: {dialogue.can_influence}")
    if dialogue.cannot_influence:
        parts.append(f"{_('What is already decided')}: {dialogue.cannot_influence}")
    return "\n\n".join(parts)
