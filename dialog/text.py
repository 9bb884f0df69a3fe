"""Text as people send it: measured first, and only then brought to the one form in which it is stored.

Normalising sorts the marks on a letter, which takes the square of their number: sixty kilobytes of accents on
one letter stop everybody for more than a second. So nothing but ``normalised`` may normalise.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from flask_babel import gettext as _

#: Most marks on one letter, as in Unicode's Stream-Safe Text Format (UAX #15); no language comes near it.
MAX_MARKS = 30
#: Code points that NFC may turn into one: a Greek letter with three marks is four of them.
MAX_SHRINKAGE = 4


def is_mark(char: str) -> bool:
    """Return whether *char* only adds to the letter before it, also after it was taken apart."""
    return all(unicodedata.combining(part) for part in unicodedata.normalize("NFKD", char))


def _character_class(codes: list[int]) -> str:
    """Return *codes*, in their order, as ranges inside the brackets of a regular expression."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


#: The first code points that are no marks in any version of Unicode so far; a test looks at all of them.
_BASIC_END, _END = 0x10000, 0x1F000
_BASIC_MARKS, _RARE_MARKS = (
    _character_class([code for code in codes if is_mark(chr(code))])
    for codes in (range(0x300, _BASIC_END), range(_BASIC_END, _END))
)
_MARK = re.compile(f"[{_BASIC_MARKS}{_RARE_MARKS}]")
_TOO_MANY_MARKS = re.compile(f"{_MARK.pattern}{{{MAX_MARKS + 1}}}")
#: Ten times as fast, for text without rare scripts: the library has a table only for the first 65,536 codes.
_TOO_MANY_BASIC_MARKS = re.compile(f"[{_BASIC_MARKS}][{_BASIC_MARKS}]{{{MAX_MARKS}}}")
_RARE_SCRIPTS = re.compile(f"[{chr(_BASIC_END)}-{chr(_END - 1)}]")
#: Control characters, half a surrogate pair, and what turns the reading direction and hides text.
_FORBIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
_FORBIDDEN_IN_LINES = re.compile(f"[{_FORBIDDEN}]")
_FORBIDDEN_IN_A_LINE = re.compile(f"[{_FORBIDDEN}\n]")


def has_too_many_marks(text: str) -> bool:
    """Return whether a letter in *text* carries more than ``MAX_MARKS`` marks."""
    # So many marks in a row cover at least one of the characters that are this far apart.
    if text.isascii() or not _MARK.search(text[MAX_MARKS :: MAX_MARKS + 1]):
        return False
    pattern = _TOO_MANY_MARKS if _RARE_SCRIPTS.search(text) else _TOO_MANY_BASIC_MARKS
    return pattern.search(text) is not None


def normalised(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return *text* in a normal form; as it stands when it has too many marks to be normalised in time."""
    return text if has_too_many_marks(text) else unicodedata.normalize(form, text)


def clean_text(text: str, *, max_length: int) -> str:
    """Return *text* as it is stored and compared: NFC, one kind of line break, no white space around.

    What cannot have *max_length* code points or fewer in NFC, or has too many marks, is not normalised:
    ``text_fault`` refuses it anyway.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return normalised("NFC", text).strip() if len(text) <= MAX_SHRINKAGE * max_length else text


def has_forbidden_character(text: str, *, multiline: bool) -> bool:
    """Return whether *text* holds what no person types: controls, half surrogates, hidden direction."""
    return (_FORBIDDEN_IN_LINES if multiline else _FORBIDDEN_IN_A_LINE).search(text) is not None


def without_forbidden_characters(text: str) -> str:
    """Return *text*, of several lines, without what no person types."""
    return _FORBIDDEN_IN_LINES.sub("", text)


def text_fault(text: str, *, max_length: int, multiline: bool) -> str | None:
    """Return why cleaned *text* cannot be saved, in the reader's language; None when it can."""
    if len(text) > max_length:
        return _(
            "This is %(length)s characters; there is room for %(most)s.", length=len(text), most=max_length
        )
    if has_too_many_marks(text):
        return too_many_marks()
    if has_forbidden_character(text, multiline=multiline):
        return _("There is a character here that cannot be saved. Remove it and try again.")
    return None


def too_many_marks() -> str:
    """Return the sentence for a letter with more marks than are taken."""
    return _(
        "A letter here has more than %(most)s accents or other marks. Remove some of them and try again.",
        most=MAX_MARKS,
    )
