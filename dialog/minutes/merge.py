"""Merge the work of two people who write the same minutes at once.

Each keeps what they changed. A part that both have changed keeps both texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .body import LISTS, TEXTS, Body, fingerprint, new_id

#: This line stands between the two texts of a part that both have changed.
SEPARATOR = "\n\n– – –\n\n"


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The body with the work of both people, and the ids of the parts that both had changed."""

    body: Body
    conflicts: tuple[str, ...] = ()


def merge_bodies(base: Mapping[str, str], mine: Body, theirs: Body) -> MergeResult:
    """Return *mine* and *theirs* as one body.

    *mine* was written on a page that showed *base*, as fingerprints; *theirs* was saved meanwhile.
    """
    values: dict[str, Any] = {}
    conflicts: list[str] = []
    for name in TEXTS:
        own, other = getattr(mine, name), getattr(theirs, name)
        if own == other or base.get(name) == fingerprint(other):
            values[name] = own
        elif base.get(name) == fingerprint(own):
            values[name] = other
        else:
            values[name] = other + SEPARATOR + own if other and own else other or own
            conflicts.append(name)
    for name in LISTS:
        values[name], both = _merge_list(base, name, getattr(mine, name), getattr(theirs, name))
        conflicts += both
    return MergeResult(Body(**values), tuple(conflicts))


def _merge_list(
    base: Mapping[str, str], name: str, mine: Sequence[Any], theirs: Sequence[Any]
) -> tuple[tuple[Any, ...], list[str]]:
    others = {part.id: part for part in theirs}
    own = {part.id: part for part in mine}
    kept: dict[str, list[Any]] = {}
    conflicts = []
    for part in mine:
        other, was = others.get(part.id), base.get(part.id)
        if other is None:
            if was is None or was != fingerprint(part):  # new, or changed by me and removed by them
                kept[part.id] = [part]
        elif other == part or was == fingerprint(other):
            kept[part.id] = [part]
        elif was == fingerprint(part):
            kept[part.id] = [other]
        else:
            kept[part.id] = [other, replace(part, id=new_id())]
            conflicts.append(part.id)
    for part in theirs:
        if part.id not in own and base.get(part.id) != fingerprint(
            part
        ):  # new, or changed by them and removed by me
            kept[part.id] = [part]
    unmoved = base.get(name) == fingerprint([part.id for part in mine])
    first, second = (theirs, mine) if unmoved else (mine, theirs)
    order = _order([part.id for part in first], [part.id for part in second])
    return tuple(part for number in order for part in kept.get(number, ())), conflicts


def _order(first: list[str], second: list[str]) -> list[str]:
    """Return *first*, with each id that only *second* has after the id that it follows there."""
    order = list(first)
    before: str | None = None
    for number in second:
        if number not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, number)
        before = number
    return order
