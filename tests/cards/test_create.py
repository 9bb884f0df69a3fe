"""Cards in bursts: limits that repeats do not touch, one commit for many, and one outcome for each."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from dialog.cards import create_actions
from dialog.cards.create_actions import Added, NewCard, add_cards
from dialog.cards.models import Card
from dialog.db import db
from dialog.errors import (
    Conflict,
    DialogError,
    Forbidden,
    Invalid,
    NotFound,
    TooFast,
    Unauthorized,
    Unavailable,
)
from dialog.joining.actions import join_meeting
from dialog.live.limits import RateLimiter
from dialog.meetings.actor import Actor
from dialog.meetings.models import Participant
from tests import factories
from tests.live.hall import new_uuid


@pytest.fixture
def actor(session: scoped_session[Session]) -> Actor:
    """A participant who has just joined."""
    meeting = factories.a_meeting()
    participant = session.get_one(Participant, join_meeting(meeting.id).id)
    return Actor(meeting, participant=participant)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until the test moves it."""
    clock = [1000.0]
    monkeypatch.setattr(create_actions, "PERSON", RateLimiter(burst=3, seconds=2, clock=lambda: clock[0]))
    monkeypatch.setattr(create_actions, "MEETING", RateLimiter(burst=5, seconds=1, clock=lambda: clock[0]))
    return clock


def write(actor: Actor, text: str, uuid: str | None = None) -> Added:
    return create_actions.add_card(actor, {"uuid": uuid or new_uuid(), "text": text})


def seconds_to_wait(actor: Actor) -> int:
    with pytest.raises(TooFast) as refused:
        write(actor, "För fort")
    return refused.value.retry_after


def test_person_sends_a_burst_and_then_one_card_every_other_second(actor: Actor, now: list[float]) -> None:
    for number in range(3):
        write(actor, f"Kort {number}")
    assert seconds_to_wait(actor) == 2
    now[0] += 1.5
    assert seconds_to_wait(actor) == 1
    now[0] += 0.6
    write(actor, "Nu går det")
    assert seconds_to_wait(actor) >= 1


def test_repeats_cost_nothing_and_earn_nothing(actor: Actor, now: list[float]) -> None:
    name = new_uuid()
    first = write(actor, "Ett", name)
    for _ in range(20):
        assert write(actor, "Ett", name) == Added(first.id, first.seq, repeat=True)
    write(actor, "Två")
    write(actor, "Tre")
    for _ in range(20):
        assert write(actor, "Ett", name).repeat, "also when the bucket is empty"
    assert seconds_to_wait(actor) == 2, "and a repeat does not fill it"


def test_a_full_meeting_slows_down_and_takes_nothing_from_the_person(actor: Actor, now: list[float]) -> None:
    joined = [join_meeting(actor.meeting.id) for _ in range(2)]
    others = [Actor(actor.meeting, participant=db.session.get_one(Participant, each.id)) for each in joined]
    for number in range(3):
        write(others[0], f"A {number}")
    for number in range(2):
        write(others[1], f"B {number}")
    assert seconds_to_wait(actor) == 1
    now[0] += 3
    for number in range(3):
        write(actor, f"Mina tre {number}")


def test_one_bad_card_never_sinks_its_neighbours(actor: Actor) -> None:
    meeting, participant = actor.meeting, actor.participant
    assert participant is not None
    other = factories.a_meeting(factories.a_dialogue())
    user = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
    twice, mine = new_uuid(), participant.id

    def card(text: str, uuid: str | None = None, **more: Any) -> NewCard:
        who = {} if "user_id" in more else {"participant_id": mine}
        return NewCard(**{"meeting_id": meeting.id, "uuid": uuid or new_uuid(), "text": text, **who, **more})

    outcomes = add_cards(
        [
            card("Ett", twice),
            card("Fel område", area=2**40),
            card("Ett", twice),
            card("Något annat", twice),
            card("Fel möte", meeting_id=2**40),
            card("Annans möte", meeting_id=other.id),
            card("Okänd", participant_id=2**40),
            card("Okänd handläggare", user_id=2**40),
            card("Från papper", user_id=user.id),
            card("Två"),
        ]
    )
    kinds: list[type] = [Added, Invalid, Added, Conflict, NotFound, Unauthorized, Unauthorized, Unauthorized]
    assert [type(outcome) for outcome in outcomes] == [*kinds, Added, Added]
    first, _bad, again, conflict = outcomes[:4]
    assert isinstance(first, Added)
    assert again == Added(first.id, first.seq, repeat=True)
    assert isinstance(conflict, Conflict)
    assert conflict.card is not None
    assert (conflict.card["id"], conflict.card["text"]) == (first.id, "Ett")
    saved = db.session.scalars(select(Card).order_by(Card.seq)).all()
    assert [(row.text, row.seq) for row in saved] == [("Ett", 1), ("Från papper", 2), ("Två", 3)]
    assert factories.reread(meeting).seq == 3


def test_a_projector_writes_nothing(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        write(Actor(actor.meeting), "Från duken")
    assert db.session.scalar(select(func.count(Card.id))) == 0


def test_more_cards_than_one_commit_takes_are_all_saved(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty threads push in one go, and three cards go into each commit."""
    monkeypatch.setattr(create_actions._collector, "_max_batch", 3)
    sizes: list[int] = []
    inner = create_actions.add_cards

    def counted(batch: list[NewCard]) -> list[create_actions.Outcome]:
        sizes.append(len(batch))
        return inner(batch)

    monkeypatch.setattr(create_actions._collector, "_act", counted)
    with app.app_context():
        meeting = factories.a_meeting()
        number, participant = meeting.id, join_meeting(meeting.id).id
    gate, outcomes = threading.Barrier(30), []

    def push(place: int) -> None:
        with app.app_context():
            card = NewCard(
                meeting_id=number, participant_id=participant, uuid=new_uuid(), text=f"Kort {place}"
            )
            gate.wait(30)
            outcomes.append(create_actions._collector.submit(card))

    threads = [threading.Thread(target=push, args=(place,)) for place in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcome.seq for outcome in outcomes if isinstance(outcome, Added)) == list(range(1, 31))
    assert max(sizes) <= 3
    assert sum(sizes) == 30


@pytest.mark.parametrize("failure", [Unavailable(), ValueError("not foreseen")])
def test_failed_commit_is_told_to_every_waiting_writer(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(_batch: list[NewCard]) -> list[create_actions.Outcome]:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(create_actions._collector, "_act", fail)
        with pytest.raises((DialogError, ValueError)):
            write(actor, "Försvinner")
    assert not create_actions._collector.waiting(), "nobody is left waiting"
    assert write(actor, "Sedan går det igen").seq == 1
