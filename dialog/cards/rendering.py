"""Cards as data of the contract, and as HTML of the one partial. Visibility is decided in ``queries``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select

from ..areas.models import FocusArea
from ..db import db
from ..dialogues.models import CardKind
from ..meetings.models import Table
from .labels import CHANNELS
from .models import Card


def as_dict(card: Card) -> dict[str, Any]:
    """Return the card as in the contract."""
    found = {
        "id": card.id,
        "uuid": card.uuid,
        "seq": card.seq,
        "state": card.state,
        "text": card.text,
        "area": card.area_id,
        "kind": card.kind_code,
        "table": card.table_id,
        "round": card.round,
        "channel": card.channel,
        "parent": card.parent_id,
    }
    if card.dots is not None:
        found["dots"] = card.dots
    return found


class CardRenderer:
    """A renderer for the cards of one meeting, with the one partial.

    Names are read for the given cards, all at once: call ``load_names`` before rendering many. The cost
    depends on those cards and not on how many the meeting has.
    """

    def __init__(self, meeting_id: int, cards: Iterable[Any] = ()) -> None:
        self._areas: dict[int, str] = {}
        self._parents: dict[int, str] = {}
        self._kinds = {kind.code: kind.label_sv for kind in db.session.scalars(select(CardKind))}
        tables = select(Table.id, Table.number, Table.name).where(Table.meeting_id == meeting_id)
        rows = db.session.execute(tables).all()
        # In the language of the installation, not of one viewer: the same rendering goes to all.
        with force_locale(str(current_app.config["BABEL_DEFAULT_LOCALE"])):
            self._channels = {code: gettext(label) for code, label in CHANNELS.items()}
            self._tables = {
                row.id: row.name or gettext("Table %(number)s", number=row.number) for row in rows
            }
            self._round = gettext("round")
            self._speaker = gettext("Participant")
        self.load_names(cards)

    def load_names(self, cards: Iterable[Any]) -> None:
        """Read the names that these cards show and that are not known yet."""
        cards = list(cards)
        areas = {card.area_id for card in cards if card.area_id} - self._areas.keys()
        if areas:
            self._areas |= dict.fromkeys(areas, "")
            names = select(FocusArea.id, FocusArea.name).where(FocusArea.id.in_(areas))
            self._areas |= dict(db.session.execute(names).all())
        parents = {card.parent_id for card in cards if card.parent_id} - self._parents.keys()
        if parents:
            # A parent that not everybody may see is not quoted.
            self._parents |= dict.fromkeys(parents, "")
            texts = select(Card.id, Card.text).where(Card.id.in_(parents), Card.state == "shown")
            self._parents |= dict(db.session.execute(texts).all())

    def contexts(self, cards: Iterable[Card]) -> list[dict[str, Any]]:
        """Return ``context`` for each of the cards."""
        cards = list(cards)
        self.load_names(cards)
        return [self.context(card) for card in cards]

    def context(self, card: Card) -> dict[str, Any]:
        """Return what the partial shows: the card as in the contract, and names."""
        self.load_names((card,))
        return {
            **as_dict(card),
            "area_name": self._areas[card.area_id] if card.area_id else "",
            "kind_label": self._kinds.get(card.kind_code, "") if card.kind_code else "",
            "table_name": self._tables.get(card.table_id, "") if card.table_id else "",
            "round_name": f"{self._round} {card.round}" if card.round else "",
            # A number within the meeting and never a name; only a focus group has any.
            "speaker_name": f"{self._speaker} {card.speaker}" if card.speaker else "",
            # Most cards come from the room, so only another channel is named.
            "channel_label": "" if card.channel == "live" else self._channels[card.channel],
            "parent_text": self._parents[card.parent_id] if card.parent_id else "",
            "stands_for": card.stands_for,
            "late": card.late,
            "lang": card.lang,
            "area_source": card.area_source,
        }

    def render(self, card: Card) -> str:
        # Not render_template: a delivery has no request, which the pages' context processors need.
        return current_app.jinja_env.get_template("cards/card.html").render(card=self.context(card))
