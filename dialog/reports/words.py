"""The words of a report in the snapshot's language: a file is made in the worker, for nobody's browser.

The same catalogue as the pages, read without a request. ``_`` and ``ngettext`` are named so that the
extraction of texts finds them.
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


class Words:
    """Texts, dates and numbers in one language, times in one zone."""

    def __init__(self, language: str, timezone: str = "Europe/Stockholm") -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self.zone = ZoneInfo(timezone)
        self._texts = _catalogue(language)

    def _(self, text: str, /, **values: object) -> str:
        found = self._texts.ugettext(text)
        return found % values if values else found

    def ngettext(self, one: str, other: str, num: int, /, **values: object) -> str:
        found = self._texts.ungettext(one, other, num)
        return found % {"num": self.number(num), **values}

    def number(self, value: int) -> str:
        """1 234 in Swedish, 1,234 in English."""
        return format_decimal(value, locale=self.locale)

    def day(self, iso: str) -> str:
        """4 december 2014, from YYYY-MM-DD."""
        return format_date(date.fromisoformat(iso), "d MMMM y", locale=self.locale)

    def instant(self, iso: str) -> str:
        """4 december 2014 18:30, from a UTC instant; without the time at midnight."""
        local = datetime.fromisoformat(iso).astimezone(self.zone)
        form = "d MMMM y" if (local.hour, local.minute) == (0, 0) else "d MMMM y HH:mm"
        return format_datetime(local, form, locale=self.locale)

    def period(self, start: str | None, end: str | None) -> str:
        """From one instant to another; the day is not said twice."""
        if start is None:
            return self._("date not stated")
        if end is None:
            return self.instant(start)
        first = datetime.fromisoformat(start).astimezone(self.zone)
        last = datetime.fromisoformat(end).astimezone(self.zone)
        if first.date() != last.date():
            return f"{self.instant(start)} – {self.instant(end)}"
        if first == last or (last.hour, last.minute) == (0, 0):
            return self.instant(start)
        return f"{self.instant(start)}–{format_datetime(last, 'HH:mm', locale=self.locale)}"
