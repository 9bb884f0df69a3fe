"""Find cards and say who may see them. Snapshot, ``sync``, ``changes`` and reports all ask here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from ..db import db
from ..errors import NotFound
from ..live.subscriptions import Batch
from ..meetings.actor import Actor, MeetingActor
from ..meetings.meeting_like import MeetingLike
from ..meetings.meeting_row import read_meeting_row
from ..meetings.numbered_rows import NumberedRows
from ..meetings.permissions import sees_others
from ..meetings.queries import stage_now
from .models import Card, Vote, text_hash
from .rendering import CardRenderer, as_dict

#: The states that each audience sees whole; participants see ``shown`` only while the stage lets them.
STATES_SEEN: dict[str, frozenset[str]] = {
    "staff": frozenset(("shown", "pending", "held", "hidden")),
    "participant": frozenset(("shown",)),
    "display": frozenset(("shown",)),
    "report": frozenset(("shown",)),
}
#: The states in which an author sees their own card whole.
OWN_STATES = frozenset(("shown", "pending", "held"))
#: Most cards in one answer.
PAGE = 1000
#: Most cards rendered of those that wait, are held or are hidden.
MAX_SIDE_CARDS = 200
#: Who receives changes.
LISTENERS = ("staff", "participant", "display")


def _states_seen(audience: str, meeting: MeetingLike) -> frozenset[str]:
    return frozenset() if audience == "participant" and not sees_others(meeting) else STATES_SEEN[audience]


class CardRows(NumberedRows[Card]):
    """The cards of a meeting as each viewer may see them."""

    model = Card
    counter = "seq"
    own_states = OWN_STATES
    page_size = PAGE
    name = "cards"

    def states_seen(self, actor: MeetingActor[MeetingLike]) -> frozenset[str]:
        """Return the states in which *actor* sees everybody's cards: for participants by the stage."""
        return _states_seen(actor.kind, actor.meeting)

    def describe(self, rows: Sequence[Card]) -> list[dict[str, Any]]:
        """Return the cards as in the contract."""
        return [as_dict(card) for card in rows]

    def has_text(self, row: Card, text: str) -> bool:
        """Return whether the card was sent with this text, before or after an edit."""
        return row.text == text or row.sent_hash == text_hash(text)

    def ahead_message(self) -> str:
        """Return what is wrong with a ``base`` that is newer than the card."""
        return _("This number is ahead of the card.")

    def answer(self, actor: MeetingActor[MeetingLike], rows: Sequence[Card]) -> list[dict[str, Any]]:
        """Return the cards for *actor*, with their HTML when the client asked for it."""
        found = self.as_seen_by(actor, rows)
        if actor.html and found:
            renderer = CardRenderer(actor.meeting.id, rows)
            for card, seen in zip(rows, found, strict=True):
                if "text" in seen:
                    seen["html"] = renderer.render(card)
        return found


card_rows = CardRows()


def in_report() -> ColumnElement[bool]:
    """Return the condition under which a card is part of the report."""
    return Card.state.in_(STATES_SEEN["report"])


def read_changes(meeting_id: int, since: int, limit: int) -> Batch:
    """Return what changed after number *since*, for everyone who listens.

    Head, stage and cards are of the same moment: the cards are read up to the head that was read first.
    """
    meeting, epoch = read_meeting_row(meeting_id)
    cards = card_rows.changed(meeting_id, since, to=meeting.seq, limit=limit + 1)
    more = len(cards) > limit
    cards = cards[:limit]
    renderer: list[CardRenderer] = []
    rendered: dict[int, str] = {}

    def render(card: Card) -> str:
        # A card is rendered once for all who asked for HTML, and not at all when nobody did.
        if card.id not in rendered:
            if not renderer:
                renderer.append(CardRenderer(meeting_id, cards))
            rendered[card.id] = renderer[0].render(card)
        return rendered[card.id]

    seen = {audience: _states_seen(audience, meeting) for audience in LISTENERS}
    return Batch(
        to=cards[-1].seq if more else meeting.seq,
        epoch=epoch,
        stage=stage_now(meeting),
        place_seq=meeting.place_seq,
        act_seq=meeting.act_seq,
        chat=meeting.chat_seq,
        more=more,
        changes=card_rows.as_changes(cards, seen, render),
    )


def snapshot(actor: Actor, limit: int = PAGE, after: int = 0) -> tuple[list[Card], bool]:
    """Return what *actor* may see now after number *after*, in order; and whether there is more."""
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.seq > after, card_rows.visible_to(actor))
        .order_by(Card.seq)
        .limit(limit + 1)
    )
    cards = list(db.session.scalars(query))
    return cards[:limit], len(cards) > limit


def latest_cards(actor: Actor, limit: int) -> tuple[list[Card], bool]:
    """Return the newest cards of others that *actor* may see, at most *limit*; and whether there are more."""
    states = card_rows.states_seen(actor)
    if not states:
        return [], False
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.state.in_(states))
        .order_by(Card.id.desc())
        .limit(limit + 1)
    )
    if actor.participant is not None:
        query = query.where(Card.author_participant_id.is_distinct_from(actor.participant.id))
    cards = list(db.session.scalars(query))
    return cards[:limit], len(cards) > limit


def cards_in_state(meeting_id: int, state: str, *, newest: bool = False) -> list[Card]:
    """Return the first of the meeting's cards in *state*, oldest first unless *newest*."""
    order = Card.id.desc() if newest else Card.id
    query = select(Card).where(Card.meeting_id == meeting_id, Card.state == state).order_by(order)
    return list(db.session.scalars(query.limit(MAX_SIDE_CARDS)))


def card_for(actor: Actor, card_id: int) -> Card:
    """Return a card that *actor* may see or has written; to everyone else it does not exist."""
    card = card_rows.get(actor.meeting.id, card_id)
    own = actor.participant is not None and card.author_participant_id == actor.participant.id
    if not own and not card_rows.may_see(actor, card):
        raise NotFound
    return card


def own_cards(actor: Actor) -> Sequence[Card]:
    """Return everything the participant has written here, hidden and withdrawn too, newest first."""
    if actor.participant is None:
        return []
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.author_participant_id == actor.participant.id)
        .order_by(Card.id.desc())
    )
    return db.session.scalars(query).all()


def dots_given(actor: Actor) -> dict[int, int]:
    """Return the dots that the participant has put on cards, by card id."""
    if actor.participant is None:
        return {}
    query = select(Vote.card_id, Vote.dots).where(Vote.participant_id == actor.participant.id)
    return {row.card_id: row.dots for row in db.session.execute(query)}


def count_by_state(meeting_id: int) -> dict[str, int]:
    """Return the number of cards in each state."""
    query = select(Card.state, func.count()).where(Card.meeting_id == meeting_id).group_by(Card.state)
    return dict(db.session.execute(query).all())
