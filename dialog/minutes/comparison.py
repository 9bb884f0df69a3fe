"""Compare two versions: the parts that are new, gone or changed, and the words that changed in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .presentation import Part

#: A word includes the white space after it, so that changed words beside each other make one segment.
_WORDS = re.compile(r"\S+\s*|\s+")
#: Longer parts, in characters, are compared by lines: comparing words takes time that grows with the square.
_MAX_COMPARED_BY_WORD = 4000


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text. Its *kind* is «same», «added» or «removed»."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A part in both versions. Its *kind* is «same», «changed», «added» or «removed»."""

    label: str
    kind: str
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]


def compare_parts(old: Sequence[Part], new: Sequence[Part]) -> list[Change]:
    """Return every part of either version in the order of *new*; a removed part keeps its place."""
    was = {part.key: part for part in old}
    now = {part.key: part for part in new}
    order = [part.key for part in new]
    for place, part in enumerate(old):
        if part.key not in now:
            before = next((each.key for each in reversed(old[:place]) if each.key in order), None)
            order.insert(order.index(before) + 1 if before is not None else 0, part.key)
    return [_change(was.get(key), now.get(key)) for key in order]


def _change(old: Part | None, new: Part | None) -> Change:
    if old is None:
        assert new is not None
        return Change(new.label, "added", (), (Segment("added", new.text),))
    if new is None:
        return Change(old.label, "removed", (Segment("removed", old.text),), ())
    if old.text == new.text:
        same = (Segment("same", new.text),)
        return Change(new.label, "same", same, same)
    before, after = _segments(old.text, new.text)
    return Change(new.label, "changed", before, after)


def _segments(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    first, second = _split_words(old), _split_words(new)
    if max(len(old), len(new)) > _MAX_COMPARED_BY_WORD:
        first, second = old.splitlines(keepends=True), new.splitlines(keepends=True)
    before: list[Segment] = []
    after: list[Segment] = []
    matcher = difflib.SequenceMatcher(a=first, b=second, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        gone, come = "".join(first[a:b]), "".join(second[c:d])
        if gone:
            before.append(Segment("same" if what == "equal" else "removed", gone))
        if come:
            after.append(Segment("same" if what == "equal" else "added", come))
    return tuple(before), tuple(after)


def _split_words(text: str) -> list[str]:
    return _WORDS.findall(text)
