"""Recognise texts that point at a person. The result is used to warn, never to stop.

The same rules as in the browser (``static/js/participation/personal.js``), for a form that works without it.
"""

from __future__ import annotations

import re

from stdnum import luhn

_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}\.[a-zåäö]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+|00)\d{1,3}[\s-]?(?:\d[\s-]?){6,11}\d|\b0\d{1,3}[\s-]?(?:\d[\s-]?){4,7}\d\b", re.ASCII
)
_PERSONAL_NUMBER = re.compile(r"\b(?:\d{2})?(\d{6})[-+ ]?(\d{4})\b", re.ASCII)


def looks_personal(text: str) -> bool:
    """Return whether *text* holds an e-mail address, a phone number or a Swedish personal number."""
    if _EMAIL.search(text) or _PHONE.search(text):
        return True
    return any(_is_personal_number(birth, rest) for birth, rest in _PERSONAL_NUMBER.findall(text))


def _is_personal_number(birth: str, rest: str) -> bool:
    """Return whether the ten digits hold a date and a right check digit.

    Coordination numbers count, with 60 added to the day; ``stdnum.se.personnummer`` refuses them.
    """
    month, day = int(birth[2:4]), int(birth[4:6]) % 60
    return 1 <= month <= 12 and 1 <= day <= 31 and bool(luhn.is_valid(birth + rest))
