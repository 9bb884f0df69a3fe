"""Convert between local clock times and the instants that are stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ..web.settings import settings_of


def zone() -> ZoneInfo:
    """Return the time zone of the installation."""
    return ZoneInfo(settings_of().timezone)


def instant(day: date, clock: time) -> datetime:
    """Return the instant at which local clocks show *clock* on *day*.

    When the clocks go back an hour is read twice: the first time is meant. When they go forward an hour
    is never read: then ``ValueError``.
    """
    here = datetime.combine(day, clock, zone())
    found = here.astimezone(UTC)
    if found.astimezone(zone()).replace(tzinfo=None) != here.replace(tzinfo=None):
        raise ValueError("no clock shows this time on this day")
    return found


def local(moment: datetime) -> datetime:
    """Return *moment* in local time."""
    return moment.astimezone(zone())
