"""Every number a report shows about cards, computed here from the cards themselves and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .facts import AreaFacts, CardFacts

#: The kind of card that is somebody's own words, shown as a quotation.
QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards, and how they came in. Every card is counted once, children too."""

    total: int
    by_channel: dict[str, int]
    #: None is a card without a kind.
    by_kind: dict[str | None, int]


def count_cards(cards: Iterable[CardFacts]) -> Counts:
    """The counts of *cards*."""
    cards = list(cards)
    return Counts(
        total=len(cards),
        by_channel=dict(Counter(card.channel for card in cards)),
        by_kind=dict(Counter(card.kind for card in cards)),
    )


def counts_as_json(areas: Sequence[AreaFacts]) -> dict[str, Any]:
    """The counts that stand in the JSON: of the whole and of each area, in order."""
    return {
        "all": _as_json(count_cards(card for area in areas for card in area.cards)),
        "areas": [_as_json(count_cards(area.cards)) for area in areas],
    }


def _as_json(counts: Counts) -> dict[str, Any]:
    return {
        "total": counts.total,
        "by_channel": counts.by_channel,
        "by_kind": {code or "": number for code, number in counts.by_kind.items()},
    }


def find_quotes(cards: Iterable[CardFacts]) -> list[CardFacts]:
    """The cards that are quotations."""
    return [card for card in cards if card.kind == QUOTE]


def find_most_supported(cards: Sequence[CardFacts], limit: int = 5) -> list[CardFacts]:
    """The cards with most dots, or most people behind them; empty where nobody was asked.

    Dots decide when there are any; how many stand behind a card decides between equals, then age.
    """
    asked = [card for card in cards if (card.dots or 0) > 0 or card.stands_for > 1]
    return sorted(asked, key=lambda card: (-(card.dots or 0), -card.stands_for, card.id))[:limit]


def order_cards(cards: Sequence[CardFacts]) -> list[tuple[CardFacts, int]]:
    """Each card once with its depth, children right after their parent.

    A child whose parent is in another area (or that would be its own ancestor) stands on its own.
    """
    here = {card.id: card for card in cards}
    children: dict[int, list[CardFacts]] = {}
    roots = []
    for card in cards:
        if card.parent in here and not _its_own_ancestor(card, here):
            children.setdefault(here[card.parent].id, []).append(card)
        else:
            roots.append(card)
    ordered: list[tuple[CardFacts, int]] = []
    stack = [(card, 0) for card in reversed(roots)]
    while stack:
        card, depth = stack.pop()
        ordered.append((card, depth))
        stack.extend((child, depth + 1) for child in reversed(children.get(card.id, [])))
    return ordered


def _its_own_ancestor(card: CardFacts, here: dict[int, CardFacts]) -> bool:
    seen = {card.id}
    parent = card.parent
    while parent is not None and parent in here:
        if parent in seen:
            return parent == card.id
        seen.add(parent)
        parent = here[parent].parent
    return False
