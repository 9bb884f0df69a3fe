"""Small words for templates: instants, dates and codes as a neighbour writes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, request, url_for
from flask_babel import format_date, format_datetime, format_time

from .security import settings_of


def day(value: date | datetime | None) -> str:
    """4 december 2014."""
    return format_date(value, "d MMMM y") if value else ""


def moment(value: datetime | None) -> str:
    """4 december 2014 kl. 18:30, in the time zone of the installation."""
    return format_datetime(value, "d MMMM y HH:mm") if value else ""


def clock(value: datetime | None) -> str:
    """18:30."""
    return format_time(value, "HH:mm") if value else ""


def code(value: str | None) -> str:
    """ABCD-EFGH: read aloud in two breaths."""
    return f"{value[:4]}-{value[4:]}" if value else ""


def absolute_url(endpoint: str, **values: Any) -> str:
    """The whole address, as residents type it: from ``PUBLIC_URL`` where it is set, else from the request."""
    base = settings_of().public_url or request.url_root
    return base.rstrip("/") + url_for(endpoint, **values)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(absolute_url=absolute_url)
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, code=code)
