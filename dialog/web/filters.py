"""Small words for templates: instants, dates and codes as a neighbour writes them."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_time


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


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, code=code)
