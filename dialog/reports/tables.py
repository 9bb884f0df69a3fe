"""The cards of a report as the rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from ..cards.labels import CHANNELS
from ..documents.cells import neutralise_formula
from ..documents.translation import Translator
from .counts import order_cards
from .labels import PLACEMENTS
from .snapshot import Snapshot


def card_headings(translator: Translator) -> list[str]:
    """Return the headings of the columns of ``card_rows``."""
    _ = translator._
    return [
        _("No."),
        _("Focus area"),
        _("What was written"),
        _("Kind"),
        _("Channel"),
        _("Meeting"),
        _("Table"),
        _("Round"),
        _("Belongs to card"),
        _("Stand behind it"),
        _("Dots"),
        _("Late"),
        _("Language"),
        _("Placement"),
        _("Participant"),
    ]


def card_rows(snapshot: Snapshot, translator: Translator) -> Iterator[list[str | int | None]]:
    """Yield a row for each shown card, in the order of the report. No text can act as a formula."""
    kinds = dict(snapshot.kinds)
    meetings = {meeting.id: meeting.title for meeting in snapshot.meetings}
    for area in snapshot.areas:
        for card, _depth in order_cards(area.cards):
            yield [
                card.id,
                neutralise_formula(area.name),
                neutralise_formula(card.text),
                neutralise_formula(kinds.get(card.kind or "", "")),
                translator._(CHANNELS.get(card.channel, card.channel)),
                neutralise_formula(meetings.get(card.meeting, "")),
                neutralise_formula(card.table),
                card.round,
                card.parent,
                card.stands_for,
                card.dots,
                translator._("yes") if card.late else "",
                neutralise_formula(card.lang or ""),
                translator._(PLACEMENTS.get(card.placement, card.placement)),
                card.speaker,
            ]
