"""Find the characters that the typefaces of the PDF can draw, and replace the others.

A tagged PDF must not hold a character without a glyph, and the typesetter rightly refuses to make one: a
single emoji would cost the municipality its report. So the text is fitted to the typefaces first.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from .cells import strip_controls

#: Stands for a character that no typeface here has.
SQUARE = "□"
#: Invisible helpers that the shaper understands without a glyph: joiners, variation selectors, tags.
_HELPERS = {0xAD, 0x34F, 0x200B, 0x200C, 0x200D, *range(0x2060, 0x2065), *range(0xFE00, 0xFE10)}
_HELPERS |= {*range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)}


@cache
def covered_code_points(folder: Path) -> frozenset[int]:
    """Return the code points for which at least one typeface in *folder* has a glyph."""
    found: set[int] = set()
    for path in sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")]):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def replace_uncovered(text: str, covered: frozenset[int]) -> str:
    """Return *text* with □ for every character that is not *covered*."""
    if text.isascii() and text.isprintable():
        return text
    fitted = []
    for char in strip_controls(text):
        code = ord(char)
        if char == "\n" or code in covered or code in _HELPERS:
            fitted.append(char)
        elif unicodedata.category(char) != "Cf":  # an unknown invisible character is left out
            fitted.append(SQUARE)
    return "".join(fitted)
