"""The glossary has a word for every model and every module, and names only places that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dialog.db import Base

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "glossary.md"

#: Words that mean the same in every domain, verbs before them, formats, and what any Flask application has.
STANDARD = frozenset(
    re.findall(
        r"\w+",
        """
        models queries actions action permissions forms views api live jobs blueprint labels list words names
        create render docx pdf csv xlsx in help local time
        cli config db errors extensions text web home page cookies files current
        """,
    )
)
#: Folders whose modules need no word of their own, because each explains itself.
CRAFTS = ("dialog/bench", "dialog/documents", "dialog/translations", "dialog/web")


def rows() -> Iterator[tuple[str, str]]:
    """Return the word and the place of every row of the page."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "word":
            yield cells[0], cells[3].strip("`")


def singular(word: str) -> str:
    return re.sub("ies$", "y", word).removesuffix("s")


def known_words() -> set[str]:
    return {singular(word) for entry, _place in rows() for word in re.findall(r"[a-z]+", entry)}


def missing(words: list[str]) -> list[str]:
    """Return the words that are neither in the glossary nor standard."""
    known = known_words()
    return [word for word in words if word not in STANDARD and singular(word) not in known]


def test_every_model_has_its_words_in_the_glossary() -> None:
    names = [mapper.class_.__name__ for mapper in Base.registry.mappers]
    assert len(names) > 30
    faults = {name: missing(re.findall("[a-z]+", re.sub("([A-Z])", r" \1", name).lower())) for name in names}
    assert not {name: words for name, words in faults.items() if words}


def test_every_module_has_its_words_in_the_glossary() -> None:
    faults = {}
    for path in sorted((ROOT / "dialog").rglob("*.py")):
        place = path.relative_to(ROOT)
        if not str(place).startswith(CRAFTS) and path.stem != "__init__":
            faults[str(place)] = missing([place.parts[1].removesuffix(".py"), *path.stem.split("_")])
    assert not {place: words for place, words in faults.items() if words}


def test_every_place_in_the_glossary_exists() -> None:
    assert [f"{word}: {place}" for word, place in rows() if not (ROOT / place).exists()] == []


def test_every_entry_stands_once_and_in_order() -> None:
    for section in PAGE.read_text().split("\n## ")[1:]:
        words = re.findall(r"^\| (?!word|-)([^|]+?) \|", section, re.M)
        assert words == sorted(set(words))
