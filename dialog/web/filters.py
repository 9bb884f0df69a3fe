"""Template filters for dates, times and join codes."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_time


def day(value: date | datetime | None) -> str:
    """Return a date such as «4 december 2014»."""
    return format_date(value, "d MMMM y") if value else ""


def date_time(value: datetime | None) -> str:
    """Return date and time such as «4 december 2014 18:30», in the time zone of the installation."""
    return format_datetime(value, "d MMMM y HH:mm") if value else ""


def clock(value: datetime | None) -> str:
    """Return a time such as «18:30»."""
    return format_time(value, "HH:mm") if value else ""


def code(value: str | None) -> str:
    """Return a join code as «ABCD-EFGH», which is easier to read aloud."""
    return f"{value[:4]}-{value[4:]}" if value else ""


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, date_time=date_time, clock=clock, code=code)
