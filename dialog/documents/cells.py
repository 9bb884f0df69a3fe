"""Make texts that people wrote safe for the cells of a spreadsheet and for other files."""

from __future__ import annotations

import unicodedata

from ..text import normalised

#: A spreadsheet reads a cell that starts so as a formula; after tab and carriage return it looks further.
_FORMULA = "=+-@\t\r"
_LINE_BREAKS = "\n\r\u2028\u2029"
#: Direction marks turn what follows them, the byte order mark is no text, and XML forbids the rest.
_UNWANTED = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF, 0xFFFE, 0xFFFF}


def neutralise_formula(text: str) -> str:
    """Return *text* with an apostrophe before anything that a spreadsheet could read as a formula.

    Full-width and small forms of the signs count as well, also after white space. Control characters are
    removed.
    """
    risky = text[:1] in ("\t", "\r") or _first_sign(text) in _FORMULA
    clean = strip_controls(text)
    return "'" + clean if risky and clean else clean


def _first_sign(text: str) -> str:
    for char in text:
        if not char.isspace() and char.isprintable():
            return normalised("NFKC", char)[:1] or "x"
    return "x"


def strip_controls(text: str) -> str:
    """Return *text* without control characters, half surrogates and direction marks; keep line breaks."""
    if text.isprintable():
        return text
    kept = []
    for char in text.replace("\r\n", "\n"):
        if char in _LINE_BREAKS:
            kept.append("\n")
        elif char == "\t":
            kept.append(" ")
        elif unicodedata.category(char) not in ("Cc", "Cs") and ord(char) not in _UNWANTED:
            kept.append(char)
    return "".join(kept)
