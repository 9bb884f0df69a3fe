"""Public addresses for posters, QR codes and calendars."""

from __future__ import annotations

from typing import Any

from flask import url_for

from ..web.settings import settings_of
from .models import Meeting


def public_address(endpoint: str, **values: Any) -> str:
    """Return the absolute address of a page: from ``PUBLIC_URL`` where it is set, else from this request."""
    public = settings_of().public_url.rstrip("/")
    if public:
        return public + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def join_address(meeting: Meeting) -> str | None:
    """Return the address of an open meeting: by its code or public. None when it is not open."""
    if meeting.state != "open":
        return None
    if meeting.join_code:
        code = f"{meeting.join_code[:4]}-{meeting.join_code[4:]}"
        return public_address("participation.show_welcome", code=code)
    return public_address("participation.show", meeting_id=meeting.id)


def spoken(address: str) -> str:
    """Return the address without the parts that nobody says aloud or types."""
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
