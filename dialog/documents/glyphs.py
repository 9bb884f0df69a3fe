"""Find the characters that the typefaces of the PDF can draw, and replace the others.

A tagged PDF must not hold a character without a glyph, and the typesetter rightly refuses to make one: a
single emoji would cost the municipality its report. So the text is fitted to the typefaces first.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

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
        found |= code_points(path.read_bytes())
    return frozenset(found)


def code_points(font: bytes) -> set[int]:
    """The code points in the character map (``cmap``) of an OpenType *font*: formats 4 and 12.

    Layout: https://learn.microsoft.com/typography/opentype/spec/cmap
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    start = next(
        struct.unpack_from(">I", font, 12 + 16 * index + 8)[0]
        for index in range(tables)
        if font[12 + 16 * index : 16 + 16 * index] == b"cmap"
    )
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHI", font, start + 4 + 8 * index)[2]
        form = struct.unpack_from(">H", font, offset)[0]
        if form == 4:
            found |= _format_4(font, offset)
        elif form == 12:
            for group in range(struct.unpack_from(">I", font, offset + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", font, offset + 16 + 12 * group)
                found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(font: bytes, offset: int) -> set[int]:
    segments = struct.unpack_from(">H", font, offset + 6)[0] // 2
    row = f">{segments}H"
    ends = struct.unpack_from(row, font, offset + 14)
    starts = struct.unpack_from(row, font, offset + 16 + 2 * segments)
    deltas = struct.unpack_from(row, font, offset + 16 + 4 * segments)
    ranges_at = offset + 16 + 6 * segments
    ranges = struct.unpack_from(row, font, ranges_at)
    found = set()
    for index, (first, last, delta, distance) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if distance:
                at = ranges_at + 2 * index + distance + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, at)[0]
                if not glyph:
                    continue
            if (glyph + delta) % 0x10000:
                found.add(code)
    return found


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
