"""The organisation's colour and its contrast."""

from __future__ import annotations

import re

#: Contrast ratio of text against its background that WCAG 2.2, success criterion 1.4.3, requires.
MIN_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Return whether *text* is ``#rrggbb`` in lower case."""
    return _HEX.fullmatch(text) is not None


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of ``#rrggbb`` against white, 1 to 21 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
