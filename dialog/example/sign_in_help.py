"""The text in the terminal that says how to open Dialog and sign in."""

from __future__ import annotations

from sqlalchemy import select

from ..config import Settings
from ..db import db
from ..meetings.models import Meeting
from ..people.models import User
from ..reports.queries import published_reports
from ..web.filters import code
from .actions import LoadedExample


def base_address(settings: Settings) -> str:
    """Return the address of Dialog according to the settings."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104  compared only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def sign_in_instructions(settings: Settings, loaded: LoadedExample) -> str:
    """Return the addresses for residents, participants, moderators and politicians, and the sign-ins."""
    base = base_address(settings)
    lines = ["", f"Residents       {base}/"]
    meetings = list(db.session.scalars(select(Meeting).where(Meeting.state == "open").order_by(Meeting.id)))
    for meeting in meetings:
        where = f"/j/{code(meeting.join_code)}" if meeting.join_code else f"/m/{meeting.id}"
        lines.append(f"Participants    {base}{where}   {meeting.title}")
    if not meetings:
        lines.append("Participants    no meeting is open; a moderator opens one")
    lines += [f"Moderators      {base}/meetings/{meeting.id}/room" for meeting in meetings]
    lines += [f"Politicians     {base}/reports/{report.id}" for report in published_reports()[:3]]
    lines.append(f"Sign in         {base}/sign-in")
    if loaded.people:
        lines += [f"  {role:<14}{email}   {loaded.password}" for role, _name, email in loaded.people]
    elif db.session.scalar(select(User.id).limit(1)) is None:
        lines.append("  nobody can sign in yet: dialog create-user EMAIL --name NAME --organisation NAME")
    else:
        lines.append("  with the passwords that were shown when the users were made")
    return "\n".join([*lines, ""])
