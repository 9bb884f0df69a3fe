"""Joining an open forum with the first card: sent twice from one page, it is one participant and one card."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from dialog.cards.models import Card
from dialog.db import db, utcnow
from dialog.meetings.models import Participant
from tests.live.fixtures import MakeHall, hall_app, hall_server, make_hall, node
from tests.live.hall import Hall, post_form
from tests.live_server import Reply

__all__ = ["hall_app", "hall_server", "make_hall", "node"]


def forum(make_hall: MakeHall) -> Hall:
    return make_hall(form="online", ends_at=utcnow() + timedelta(days=1))


class Page:
    """The page of an open forum in the browser of somebody who has not joined."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        shown = hall.server.get(f"/m/{hall.meeting_id}")
        self.session = {"Cookie": shown.headers["Set-Cookie"].partition(";")[0]}
        self.fields = {
            name: re.search(rf'name="{name}"\s+value="([^"]+)"', shown.text).group(1)  # type: ignore[union-attr]
            for name in ("csrf_token", "uuid", "visit")
        }

    def sends(self, text: str, **other: str) -> Reply:
        fields = {**self.fields, "text": text} | other
        return post_form(self.hall.server, f"/m/{self.hall.meeting_id}/cards", fields, self.session)


def counts(hall: Hall) -> tuple[int, int]:
    """Return how many participants and how many cards there are."""
    with hall.app.app_context():
        people = select(func.count()).where(Participant.meeting_id == hall.meeting_id)
        cards = select(func.count()).where(Card.meeting_id == hall.meeting_id)
        return db.session.scalar(people) or 0, db.session.scalar(cards) or 0


def token(reply: Reply) -> str:
    assert reply.status == 303, reply.text
    return reply.headers["Set-Cookie"].partition(";")[0]


def test_taps_at_the_same_time_join_one_participant(make_hall: MakeHall) -> None:
    page = Page(forum(make_hall))
    with ThreadPoolExecutor(4) as hands:
        tokens = {token(reply) for reply in hands.map(page.sends, ["En bänk i solen"] * 4)}
    assert len(tokens) == 1
    assert counts(page.hall) == (1, 1)


def test_two_pages_with_the_same_words_join_two_participants(make_hall: MakeHall) -> None:
    hall = forum(make_hall)
    one, two = token(Page(hall).sends("En bänk")), token(Page(hall).sends("En bänk"))
    assert one != two
    assert counts(hall) == (2, 2)


def test_joining_with_a_cards_uuid_does_not_become_its_author(make_hall: MakeHall) -> None:
    """Every screen receives the uuid of a card, so it must not be what one joins with."""
    author = Page(forum(make_hall))
    own = token(author.sends("Min tanke"))
    other = Page(author.hall)
    for known in ({}, {"visit": author.fields["uuid"]}, {"visit": ""}):
        reply = other.sends("Min tanke", uuid=author.fields["uuid"], **known)
        assert own not in reply.headers.get("Set-Cookie", "")


def test_removed_device_cannot_rejoin_from_the_same_page(make_hall: MakeHall) -> None:
    page = Page(forum(make_hall))
    token(page.sends("Först"))
    with page.hall.app.app_context():
        db.session.query(Participant).filter_by(meeting_id=page.hall.meeting_id).update(
            {"removed_at": utcnow()}
        )
        db.session.commit()
    assert page.sends("Först").status == 401
    assert counts(page.hall) == (1, 1)
