"""Does a text hold something that points at a person? Used to warn, never to stop.

The same rules as in the browser (``static/js/participation/personal.js``), for a form that works without it.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}\.[a-zåäö]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+|00)\d{1,3}[\s-]?(?:\d[\s-]?){6,11}\d|\b0\d{1,3}[\s-]?(?:\d[\s-]?){4,7}\d\b", re.ASCII
)
_PERSONAL_NUMBER = re.compile(r"\b(?:\d{2})?(\d{6})[-+ ]?(\d{4})\b", re.ASCII)


def looks_personal(text: str) -> bool:
    """An e-mail address, a phone number, or a Swedish personal or coordination number."""
    if _EMAIL.search(text) or _PHONE.search(text):
        return True
    return any(_is_number(birth, rest) for birth, rest in _PERSONAL_NUMBER.findall(text))


def _is_number(birth: str, rest: str) -> bool:
    """A date, and the check digit right (Luhn's formula over ten digits)."""
    month, day = int(birth[2:4]), int(birth[4:6]) % 60
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    products = (int(char) * (1 if place % 2 else 2) for place, char in enumerate(birth + rest))
    return sum(product - 9 if product > 9 else product for product in products) % 10 == 0
