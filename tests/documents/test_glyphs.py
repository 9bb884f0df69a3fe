"""The characters that the typefaces can draw, and what becomes of the others."""

import re

from dialog.documents.cells import strip_controls
from dialog.documents.glyphs import SQUARE, covered_code_points, replace_uncovered
from dialog.documents.pdf import FONTS


def test_typefaces_cover_the_scripts_written_in_swedish_municipalities():
    covered = covered_code_points(FONTS)
    for text in (
        "ÅÄÖåäöéü",
        "«»”–—…½€§",
        "čćđšž",
        "łąę",
        "їєґ",
        "ёж",
        "سلام",
        "پچژگ",
        "שלום",
        "🙂✓★→",
        "ñçãşğı",
    ):
        assert {char for char in text if ord(char) not in covered} == set(), text


def test_covered_text_is_kept_and_the_rest_becomes_a_square():
    covered = frozenset(map(ord, "abc "))
    assert replace_uncovered("a\u0001b\tc", covered) == "ab c"
    assert replace_uncovered("aåb", covered) == f"a{SQUARE}b"
    assert replace_uncovered("a\nb", covered) == "a\nb"


def test_line_breaks_stay_when_control_characters_are_stripped():
    assert strip_controls("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert strip_controls("\u202ea\u2066b\ufeff\x00\x1b[31m") == "ab[31m"
    assert not re.search(r"[\x00-\x08]", strip_controls("".join(map(chr, range(0x3000)))))
