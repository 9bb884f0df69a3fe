"""Create cards: a list is saved in one commit, with an outcome for each card."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import write
from ..errors import DialogError, NotFound, TooFast, require
from ..live.batching import Batcher
from ..live.limits import RateLimiter
from ..meetings.actor import Actor
from ..meetings.meeting_like import MeetingLike
from ..meetings.meeting_row import read_meeting_row
from ..meetings.numbered_rows import Added
from ..meetings.numbering_actions import lock_meeting, take_numbers
from ..people.models import User
from ..web.settings import settings_of
from .models import Card
from .queries import card_rows
from .validation import CardPolicy, NewCard, Outcome

__all__ = ["Added", "NewCard", "Outcome", "add_card", "add_cards", "add_one", "new_card", "save"]

#: Most cards in one commit.
MAX_BATCH = 200
PERSON = RateLimiter(burst=10, seconds=2)
TABLE = RateLimiter(burst=40, seconds=0.5)
MEETING = RateLimiter(burst=1000, seconds=0.01)


def new_card(meeting_id: int, values: dict[str, Any], **known: Any) -> NewCard:
    """Return a ``NewCard`` of the checked form's *values* and of what else is *known*."""
    return NewCard(
        meeting_id=meeting_id,
        uuid=values["uuid"],
        text=values["text"],
        area=values.get("area"),
        kind=values.get("kind") or None,
        table=values.get("table"),
        stands_for=values.get("stands_for"),
        stage=values.get("stage"),
        **known,
    )


def add_card(actor: Actor, values: dict[str, Any], **known: Any) -> Added:
    """Add one card by *actor*; raises what it was refused for."""
    require(actor.person is not None)  # a projector only looks
    participant, user = actor.participant, actor.user
    card = new_card(
        actor.meeting.id,
        values,
        participant_id=participant.id if participant else None,
        user_id=user.id if user else None,
        **known,
    )
    return add_one(card, shared=participant is not None and participant.kind == "table")


def add_one(card: NewCard, *, shared: bool) -> Added:
    """Add one card through the collector; *shared*: from the tablet of a table. Raises why it was refused.

    The author is read and checked in the transaction that saves the card, so nobody is read before.
    """
    taken = _take_from_limits(card, shared)
    outcome = _collector.submit(card)
    if outcome.repeat:
        for limit, who in taken:
            limit.give_back(who)
    return outcome


def _take_from_limits(card: NewCard, shared: bool) -> list[tuple[RateLimiter, int]]:
    """Take from the writer's and the meeting's bucket; returns what was taken, for a repeat costs nothing.

    A card that is already saved passes whatever the buckets hold, and then nothing was taken from them.
    """
    if card.participant_id is None or not settings_of().limits:
        return []
    own = TABLE if shared else PERSON
    taken: list[tuple[RateLimiter, int]] = []
    for limit, who in ((own, card.participant_id), (MEETING, card.meeting_id)):
        wait = limit.take(who)
        if wait:
            for other, whose in taken:
                other.give_back(whose)
            if card.uuid in card_rows.by_uuid(card.meeting_id, [card.uuid]):
                return []
            raise TooFast(wait)
        taken.append((limit, who))
    return taken


def add_cards(batch: list[NewCard]) -> list[Outcome]:
    """Save a list of cards in one commit. Each is checked alone: one bad card never sinks its neighbours."""
    by_meeting: dict[int, list[int]] = defaultdict(list)
    for place, card in enumerate(batch):
        by_meeting[card.meeting_id].append(place)
    outcomes: list[Outcome] = [DialogError()] * len(batch)
    with write() as session:
        # In the order of their ids: two processes that lock the same meetings never wait for each other.
        for meeting_id in sorted(by_meeting):
            places = by_meeting[meeting_id]
            for place, outcome in zip(
                places, save(session, meeting_id, [batch[place] for place in places]), strict=True
            ):
                outcomes[place] = outcome
    return outcomes


def save(session: Session, meeting_id: int, batch: list[NewCard]) -> list[Outcome]:
    """Check and save the cards of one meeting, inside the caller's transaction."""
    lock_meeting(session, meeting_id)
    try:
        meeting, _epoch = read_meeting_row(meeting_id)
    except NotFound as missing:
        return [missing] * len(batch)
    policy = CardPolicy(session, meeting, batch)
    rows: list[dict[str, Any]] = []
    outcomes: list[Outcome | int] = []
    fresh: dict[str, int] = {}  # uuid: place among the rows
    again: dict[int, NewCard] = {}  # place in the batch: a card whose uuid came just before it
    for place, card in enumerate(batch):
        if card.uuid in fresh:
            again[place] = card
            outcomes.append(fresh[card.uuid])
            continue
        try:
            repeat = policy.repeat(card)
            if repeat is not None:
                outcomes.append(repeat)
                continue
            rows.append(policy.row(card))
        except DialogError as error:
            outcomes.append(error)
            continue
        fresh[card.uuid] = len(rows) - 1
        outcomes.append(len(rows) - 1)
    saved = _insert(session, meeting, rows) if rows else []
    if again:
        policy.known.update(card_rows.by_uuid(meeting_id, fresh))
    if any(card.user_id for card in batch) and rows:
        user = session.get(User, next(card.user_id for card in batch if card.user_id))
        record(
            session,
            user,
            "card.add",
            meeting,
            organisation_id=meeting.dialogue.organisation_id,
            cards=len(rows),
        )
    answer: list[Outcome] = []
    for place, outcome in enumerate(outcomes):
        if place in again:
            answer.append(policy.repeat_or_refusal(again[place]))
        else:
            answer.append(saved[outcome] if isinstance(outcome, int) else outcome)
    return answer


_collector: Batcher[NewCard, Added] = Batcher(add_cards, MAX_BATCH)

_CARDS = cast(Table, Card.__table__)
_INSERT = insert(_CARDS).returning(_CARDS.c.id, sort_by_parameter_order=True)


def _insert(session: Session, meeting: MeetingLike, rows: list[dict[str, Any]]) -> list[Added]:
    first = take_numbers(session, meeting.id, len(rows))
    for number, row in enumerate(rows, start=first):
        row["seq"] = number
    ids = session.connection().scalars(_INSERT, rows).all()
    return [Added(card_id, row["seq"]) for card_id, row in zip(ids, rows, strict=True)]
