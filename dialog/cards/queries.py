"""What may be seen of cards, and by whom. Snapshot, ``sync``, ``changes`` and report all ask here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select
from sqlalchemy import Table as SqlTable

from ..db import db
from ..errors import NotFound
from ..live.subscriptions import Batch, Change
from ..meetings.actor import Actor
from ..meetings.meeting_row import read_meeting_row
from ..meetings.models import Meeting
from ..meetings.permissions import sees_others
from ..meetings.queries import epoch, stage_now
from .models import Card, Vote
from .rendering import CardRenderer, as_dict, bare

#: The states that each audience sees whole; participants see ``shown`` only while the stage lets them.
SEEN: dict[str, frozenset[str]] = {
    "staff": frozenset(("shown", "pending", "held", "hidden")),
    "participant": frozenset(("shown",)),
    "display": frozenset(("shown",)),
    "report": frozenset(("shown",)),
}
#: The states in which an author sees their own card whole.
OWN = frozenset(("shown", "pending", "held"))
#: Most cards in one answer.
PAGE = 1000
#: Most cards drawn of those that wait, are held or are hidden.
MAX_SIDE_CARDS = 200


def _states(audience: str, others: bool) -> frozenset[str]:
    return frozenset() if audience == "participant" and not others else SEEN[audience]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition under which *actor* may see a card whole."""
    states = _states(actor.kind, sees_others(actor.meeting))
    condition: ColumnElement[bool] = Card.state.in_(states) if states else false()
    if actor.participant is not None:
        own = and_(Card.author_participant_id == actor.participant.id, Card.state.in_(OWN))
        condition = or_(condition, own)
    return condition


def in_report() -> ColumnElement[bool]:
    """The condition under which a card is part of the report."""
    return Card.state.in_(SEEN["report"])


def may_see(actor: Actor, card: Card) -> bool:
    """``visible_to`` for a card at hand."""
    if (
        actor.participant is not None
        and card.author_participant_id == actor.participant.id
        and card.state in OWN
    ):
        return True
    return card.state in _states(actor.kind, sees_others(actor.meeting))


def as_seen_by(actor: Actor, card: Card) -> dict[str, Any]:
    return as_dict(card) if may_see(actor, card) else bare(card)


_CARDS = cast(SqlTable, Card.__table__)
#: Rows and not objects, and put together once: this runs for every card of a full hall.
_CHANGED = (
    select(_CARDS)
    .where(
        _CARDS.c.meeting_id == bindparam("meeting_id"),
        _CARDS.c.seq > bindparam("since"),
        _CARDS.c.seq <= bindparam("to"),
    )
    .order_by(_CARDS.c.seq)
    .limit(bindparam("most"))
)


def read_changes(meeting_id: int, since: int, most: int) -> Batch:
    """What changed after number *since*, for everyone who listens. Head, stage and cards of one moment."""
    meeting, epoch_now = read_meeting_row(meeting_id)
    span = {"meeting_id": meeting_id, "since": since, "to": meeting.seq, "most": most + 1}
    cards: list[Any] = list(db.session.connection().execute(_CHANGED, span))
    more = len(cards) > most
    cards = cards[:most]
    others = sees_others(meeting)
    renderer: list[CardRenderer] = []

    def draw(card: Card, drawn: dict[int, str]) -> str:
        if not renderer:
            renderer.append(CardRenderer(meeting_id, cards))
        if card.id not in drawn:
            drawn[card.id] = renderer[0].render(card)
        return drawn[card.id]

    drawn: dict[int, str] = {}
    return Batch(
        to=cards[-1].seq if more else meeting.seq,
        epoch=epoch_now,
        stage=stage_now(meeting),
        place_seq=meeting.place_seq,
        act_seq=meeting.act_seq,
        chat=meeting.chat_seq,
        more=more,
        changes=[
            Change(
                seq=card.seq,
                full=as_dict(card),
                bare=bare(card),
                audiences=frozenset(
                    audience
                    for audience in ("staff", "participant", "display")
                    if card.state in _states(audience, others)
                ),
                author=card.author_participant_id,
                author_sees=card.state in OWN,
                draw=lambda card=card: draw(card, drawn),  # type: ignore[misc]
            )
            for card in cards
        ],
    )


def snapshot(actor: Actor, most: int = PAGE, after: int = 0) -> tuple[list[Card], bool]:
    """What *actor* may see now, in order of number, from number *after* on; and whether there is more."""
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.seq > after, visible_to(actor))
        .order_by(Card.seq)
        .limit(most + 1)
    )
    cards = list(db.session.scalars(query))
    return cards[:most], len(cards) > most


def latest_cards(actor: Actor, most: int) -> tuple[list[Card], bool]:
    """What others wrote and *actor* may see, the newest first, at most *most*; and whether there is more."""
    states = _states(actor.kind, sees_others(actor.meeting))
    if not states:
        return [], False
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.state.in_(states))
        .order_by(Card.id.desc())
        .limit(most + 1)
    )
    if actor.participant is not None:
        query = query.where(Card.author_participant_id.is_distinct_from(actor.participant.id))
    cards = list(db.session.scalars(query))
    return cards[:most], len(cards) > most


def changes_since(actor: Actor, number: int) -> tuple[list[dict[str, Any]], bool]:
    """Everything that changed after *number* as *actor* may see it, in order; and whether there is more."""
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.seq > number)
        .order_by(Card.seq)
        .limit(PAGE + 1)
    )
    cards = list(db.session.scalars(query))
    found = [as_seen_by(actor, card) for card in cards[:PAGE]]
    if actor.html and found:
        renderer = CardRenderer(actor.meeting.id, cards[:PAGE])
        for card, seen in zip(cards, found, strict=False):
            if "text" in seen:
                seen["html"] = renderer.render(card)
    return found, len(cards) > PAGE


def cards_in_state(meeting_id: int, state: str, *, newest: bool = False) -> list[Card]:
    """The first of the meeting's cards in *state*: the one that has waited longest is next."""
    order = Card.id.desc() if newest else Card.id
    query = select(Card).where(Card.meeting_id == meeting_id, Card.state == state).order_by(order)
    return list(db.session.scalars(query.limit(MAX_SIDE_CARDS)))


def sync(actor: Actor, number: int) -> dict[str, Any]:
    """The answer to ``sync`` and to the GET with ``since``."""
    cards, more = changes_since(actor, number)
    return {"seq": actor.meeting.seq, "epoch": epoch(), "cards": cards, "more": more}


def find_card(meeting: Meeting, card_id: int) -> Card | None:
    """A card of *meeting*; None when it is another meeting's or none."""
    card = db.session.get(Card, card_id)
    return card if card is not None and card.meeting_id == meeting.id else None


def get_card(meeting: Meeting, card_id: int) -> Card:
    """A card of *meeting*; ``NotFound`` when it is another meeting's or none."""
    card = find_card(meeting, card_id)
    if card is None:
        raise NotFound
    return card


def card_for(actor: Actor, card_id: int) -> Card:
    """A card that *actor* may see or has written; to everyone else it does not exist."""
    card = get_card(actor.meeting, card_id)
    mine = actor.participant is not None and card.author_participant_id == actor.participant.id
    if not mine and not may_see(actor, card):
        raise NotFound
    return card


_BY_UUID = select(_CARDS).where(
    _CARDS.c.meeting_id == bindparam("meeting_id"), _CARDS.c.uuid.in_(bindparam("uuids", expanding=True))
)


def by_uuid(meeting_id: int, uuids: Iterable[str]) -> dict[str, Any]:
    """The meeting's cards with these UUIDs, as rows."""
    found = db.session.connection().execute(_BY_UUID, {"meeting_id": meeting_id, "uuids": list(uuids)})
    return {card.uuid: card for card in found}


def own_cards(actor: Actor) -> Sequence[Card]:
    """Everything the participant has written here, hidden and withdrawn too, newest first."""
    if actor.participant is None:
        return []
    query = (
        select(Card)
        .where(Card.meeting_id == actor.meeting.id, Card.author_participant_id == actor.participant.id)
        .order_by(Card.id.desc())
    )
    return db.session.scalars(query).all()


def dots_given(actor: Actor) -> dict[int, int]:
    """Card id to dots: where the participant has put theirs."""
    if actor.participant is None:
        return {}
    query = select(Vote.card_id, Vote.dots).where(Vote.participant_id == actor.participant.id)
    return {row.card_id: row.dots for row in db.session.execute(query)}


def count_by_state(meeting_id: int) -> dict[str, int]:
    """State to number of cards."""
    query = select(Card.state, func.count()).where(Card.meeting_id == meeting_id).group_by(Card.state)
    return dict(db.session.execute(query).all())
