"""Addresses as residents meet them: on posters, in codes to scan and in calendars."""

from __future__ import annotations

from typing import Any

from flask import url_for

from ..web.settings import settings_of
from .models import Meeting


def public_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page: from ``PUBLIC_URL`` where it is set, else as this request came in."""
    public = settings_of().public_url.rstrip("/")
    if public:
        return public + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def join_address(meeting: Meeting) -> str | None:
    """Where one takes part in an open meeting: by its code or at its public address. None when it is not."""
    if meeting.state != "open":
        return None
    if meeting.join_code:
        code = f"{meeting.join_code[:4]}-{meeting.join_code[4:]}"
        return public_address("participation.show_welcome", code=code)
    return public_address("participation.show", meeting_id=meeting.id)


def spoken(address: str) -> str:
    """The address without what nobody says aloud or types."""
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
