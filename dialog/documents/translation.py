"""Translate texts, dates and numbers into the language of a document.

The worker makes files outside of any request, so the catalogue is read without one. The extraction of texts
looks for the names ``_`` and ``ngettext``.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(_CATALOGUES), [language])


class Translator:
    """A translator of texts, dates and numbers into one language, with times in one zone."""

    def __init__(self, language: str, timezone: str = "Europe/Stockholm") -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self.zone = ZoneInfo(timezone)
        self._texts = _catalogue(language)

    def _(self, text: str, /, **values: object) -> str:
        """Return *text* translated, with *values* filled in."""
        found = self._texts.ugettext(text)
        return found % values if values else found

    def ngettext(self, one: str, other: str, num: int, /, **values: object) -> str:
        """Return the singular or plural that goes with *num*, translated."""
        found = self._texts.ungettext(one, other, num)
        return found % {"num": self.format_number(num), **values}

    def format_number(self, value: int) -> str:
        """Return *value* grouped: 1 234 in Swedish, 1,234 in English."""
        return format_decimal(value, locale=self.locale)

    def format_day(self, iso: str) -> str:
        """Return the day *iso* (YYYY-MM-DD) as «4 december 2014»."""
        return format_date(date.fromisoformat(iso), "d MMMM y", locale=self.locale)

    def format_instant(self, iso: str) -> str:
        """Return a UTC instant as «4 december 2014 18:30», without the time when it is local midnight."""
        local = datetime.fromisoformat(iso).astimezone(self.zone)
        form = "d MMMM y" if (local.hour, local.minute) == (0, 0) else "d MMMM y HH:mm"
        return format_datetime(local, form, locale=self.locale)

    def format_period(self, start: str | None, end: str | None) -> str:
        """Return a period between two UTC instants, with the day once when both are on the same day."""
        if start is None:
            return self._("date not stated")
        if end is None:
            return self.format_instant(start)
        first = datetime.fromisoformat(start).astimezone(self.zone)
        last = datetime.fromisoformat(end).astimezone(self.zone)
        if first.date() != last.date():
            return f"{self.format_instant(start)} – {self.format_instant(end)}"
        if first == last or (last.hour, last.minute) == (0, 0):
            return self.format_instant(start)
        return f"{self.format_instant(start)}–{format_datetime(last, 'HH:mm', locale=self.locale)}"
