"""Steps with minutes that several tests take: begin, send, correct, and write a second version."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape

from sqlalchemy import select

from dialog.db import utcnow, write
from dialog.minutes import queries
from dialog.minutes.models import Minutes
from tests.minutes.closed_meetings import ClosedMeeting


def begin_draft(closed_meeting: ClosedMeeting, who: str = "official") -> str:
    """Begin a draft, or go on with it; return the path of its page."""
    client = closed_meeting.client(who)
    answer = closed_meeting.post(client, f"/meetings/{closed_meeting.meeting_id}/minutes")
    assert answer.status_code == 303
    return answer.location


def form_fields(page: str) -> dict[str, list[str]]:
    """Return the fields that a browser would send from the form on *page*."""
    form = page[page.index('id="minutes-form"') : page.index("<template")]
    found: dict[str, list[str]] = {}
    pattern = re.compile(
        r"<input(?P<input>[^>]*)>|<textarea(?P<area>[^>]*)>(?P<text>.*?)</textarea>", re.DOTALL
    )
    for match in pattern.finditer(form):
        attributes = match["input"] or match["area"] or ""
        name = re.search(r'name="([^"]+)"', attributes)
        if name is None or name[1] == "csrf_token":
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        text = match["text"].removeprefix("\n") if match["area"] else (value[1] if value else "")
        found.setdefault(name[1], []).append(unescape(text))
    return found


def send_draft(closed_meeting: ClosedMeeting, days: str = "14") -> str:
    """Send the draft; return the path of the address that is shown, or "" when an earlier one is kept."""
    client = closed_meeting.client("official")
    address = begin_draft(closed_meeting).replace("/edit", "/send")
    answer = closed_meeting.post(client, address, {"days": days})
    assert answer.status_code in (200, 303), answer.text
    shown = re.search(r'value="http://localhost(/minutes/read/[^"]+)"', answer.text)
    return shown[1] if shown else ""


def send_correction(closed_meeting: ClosedMeeting, address: str, text: str, **more: str):
    client = closed_meeting.client()
    data = {"uuid": str(uuid.uuid4()), "about": "", "text": text, **more}
    return closed_meeting.post(client, f"{address}/corrections", data)


def end_correction_days(closed_meeting: ClosedMeeting) -> None:
    """Move the end of the days for corrections into the past."""
    with closed_meeting.app.app_context(), write() as session:
        for minutes in session.scalars(select(Minutes)):
            minutes.corrections_until = utcnow() - timedelta(minutes=1)


def newest_version(closed_meeting: ClosedMeeting) -> Minutes:
    return queries.versions_of(closed_meeting.meeting_id)[0]


def send_second_version(closed_meeting: ClosedMeeting) -> str:
    """Send a version, correct it, and send a second; return the address, which both have."""
    address = send_draft(closed_meeting)
    send_correction(closed_meeting, address, "Det var ljuset som var viktigast")
    client = closed_meeting.client("official")
    with closed_meeting.app.app_context():
        number = queries.corrections_of(closed_meeting.meeting_id)[0].id
    closed_meeting.post(client, f"/corrections/{number}", {f"c{number}-state": "taken"})
    edit = begin_draft(closed_meeting)
    page = client.get(edit).text
    assert "Rättelser att föra in" in page
    assert "Det var ljuset som var viktigast" in page
    sent = form_fields(page)
    sent[f"text-{sent['points'][1]}"] = ["– Bättre ljus <b>först</b>\n– Fler bänkar"]
    closed_meeting.post(client, edit, sent)
    assert send_draft(closed_meeting) == ""  # the address that was given out is kept
    return address
