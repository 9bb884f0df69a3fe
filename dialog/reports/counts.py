"""Compute every number that a report shows about cards, from the cards themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .facts import AreaFacts, CardFacts

#: The code of cards that hold a person's own words; they are shown as quotations.
QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of cards in total, by channel and by kind. Every card is counted once, children too."""

    total: int
    by_channel: dict[str, int]
    #: The key None stands for cards without a kind.
    by_kind: dict[str | None, int]


def count_cards(cards: Iterable[CardFacts]) -> Counts:
    """Return the counts of *cards*."""
    cards = list(cards)
    return Counts(
        total=len(cards),
        by_channel=dict(Counter(card.channel for card in cards)),
        by_kind=dict(Counter(card.kind for card in cards)),
    )


def counts_as_json(areas: Sequence[AreaFacts]) -> dict[str, Any]:
    """Return the counts that the snapshot's JSON holds: of all cards, and of each area in order."""
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
    """Return the cards that are quotations."""
    return [card for card in cards if card.kind == QUOTE]


def find_most_supported(cards: Sequence[CardFacts], limit: int = 5) -> list[CardFacts]:
    """Return the cards with most dots or most people behind them; empty when no card has either.

    Cards are ordered by dots, then by the number of people behind them, then by age.
    """
    supported = [card for card in cards if (card.dots or 0) > 0 or card.stands_for > 1]
    return sorted(supported, key=lambda card: (-(card.dots or 0), -card.stands_for, card.id))[:limit]


def order_cards(cards: Sequence[CardFacts]) -> list[tuple[CardFacts, int]]:
    """Return each card once with its depth, children right after their parent.

    A child whose parent is in another area, or that would be its own ancestor, has depth 0.
    """
    by_id = {card.id: card for card in cards}
    children: dict[int, list[CardFacts]] = {}
    roots = []
    for card in cards:
        if card.parent in by_id and not _is_its_own_ancestor(card, by_id):
            children.setdefault(by_id[card.parent].id, []).append(card)
        else:
            roots.append(card)
    ordered: list[tuple[CardFacts, int]] = []
    stack = [(card, 0) for card in reversed(roots)]
    while stack:
        card, depth = stack.pop()
        ordered.append((card, depth))
        stack.extend((child, depth + 1) for child in reversed(children.get(card.id, [])))
    return ordered


def _is_its_own_ancestor(card: CardFacts, by_id: dict[int, CardFacts]) -> bool:
    seen = {card.id}
    parent = card.parent
    while parent is not None and parent in by_id:
        if parent in seen:
            return parent == card.id
        seen.add(parent)
        parent = by_id[parent].parent
    return False
