"""Word each card of a report: its text, and a line on where it comes from and who supports it."""

from __future__ import annotations

from dataclasses import replace

from ..cards.labels import CHANNELS
from ..documents.cells import strip_controls
from ..documents.shortening import shorten
from ..documents.translation import Translator
from .facts import CardFacts
from .labels import PLACEMENTS
from .presentation import CardLine
from .snapshot import Snapshot

#: The length of a supported card's text on the first page.
SHORT = 150


class CardLines:
    """Words the cards of one snapshot."""

    def __init__(self, snapshot: Snapshot, translator: Translator) -> None:
        cards = snapshot.cards
        self._translator = translator
        self._ = translator._
        self._kinds = dict(snapshot.kinds)
        self._meeting_titles = {meeting.id: meeting.title for meeting in snapshot.meetings}
        self._areas_of = {card.id: area.id for area in snapshot.areas for card in area.cards}
        self._several_kinds = len({card.kind for card in cards}) > 1
        self._several_channels = len({card.channel for card in cards} & CHANNELS.keys()) > 1
        self._several_meetings = len({card.meeting for card in cards}) > 1

    def card_line(self, card: CardFacts, depth: int, *, text: str = "") -> CardLine:
        """Return the line of *card*, *depth* steps below the card that it belongs to."""
        return CardLine(
            anchor=f"card-{card.id}",
            id=card.id,
            text=text or strip_controls(card.text),
            meta=" · ".join(self._meta(card)),
            depth=depth,
            lang=card.lang or "",
        )

    def supported_line(self, card: CardFacts) -> CardLine:
        """Return a short line that says how many support *card*."""
        line = self.card_line(card, 0, text=shorten(strip_controls(card.text), SHORT))
        return replace(line, meta=" · ".join(self._support(card)))

    def _support(self, card: CardFacts) -> list[str]:
        parts = []
        if card.dots:
            parts.append(self._translator.ngettext("%(num)s dot", "%(num)s dots", card.dots))
        if card.stands_for > 1:
            parts.append(
                self._("%(number)s stand behind it", number=self._translator.format_number(card.stands_for))
            )
        return parts

    def _meta(self, card: CardFacts) -> list[str]:
        """Return what is known about the card, without what all cards of this report have in common."""
        parts = []
        if card.kind is not None and self._several_kinds:
            parts.append(self._kinds.get(card.kind, card.kind))
        if card.speaker is not None:
            parts.append(self._("Participant %(number)s", number=card.speaker))
        if self._several_channels:
            parts.append(self._(CHANNELS.get(card.channel, card.channel)))
        if self._several_meetings:
            parts.append(self._meeting_titles.get(card.meeting, ""))
        parts.append(card.table)
        if card.round is not None:
            parts.append(self._("round %(number)s", number=card.round))
        parts.extend(self._support(card))
        if card.late:
            parts.append(self._("came in late"))
        if card.parent is not None and self._areas_of.get(card.parent) != self._areas_of[card.id]:
            parts.append(self._("follows card %(number)s", number=card.parent))
        if card.placement != "author":
            parts.append(self._(PLACEMENTS.get(card.placement, card.placement)).lower())
        return [part for part in parts if part]
