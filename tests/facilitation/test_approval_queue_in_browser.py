"""More cards wait than are drawn: the number is right, and the next ones come when the first are handled."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select, update

from dialog.bench.sample_cards import add_sample_cards
from dialog.cards.models import Card
from dialog.cards.moderation_actions import restore_card
from dialog.db import db, write
from dialog.meetings.actor import Actor
from dialog.meetings.queries import meeting_by_id
from dialog.people.models import User
from tests.browser import OpenPage
from tests.e2e.conftest import Hall
from tests.e2e.staff import ModeratorsTablet

CARDS, DRAWN = 240, 200


def test_approval_queue_is_counted_whole_and_refills(hall: Hall, open_page: OpenPage) -> None:
    with hall.town.server.inside():
        add_sample_cards(meeting_by_id(hall.meeting), CARDS)
        with write() as session:
            session.execute(update(Card).where(Card.meeting_id == hall.meeting).values(state="pending"))
    tablet = ModeratorsTablet.of(open_page, hall.url)
    tablet.signs_in(hall.town.moderator)
    tablet.goes(f"/meetings/{hall.meeting}/room")
    number, drawn = tablet.waiting.locator("[data-part=count]"), tablet.waiting.get_by_role("listitem")
    expect(number).to_have_text(str(CARDS))
    expect(drawn).to_have_count(DRAWN)
    expect(tablet.waiting.get_by_text("De här har väntat längst")).to_be_visible()
    drawn.first.get_by_role("button", name="Visa kortet").click()
    expect(number).to_have_text(str(CARDS - 1))
    # Another moderator is quick.
    with hall.town.server.inside():
        user = db.session.scalars(select(User).where(User.email == hall.town.moderator)).one()
        waits = select(Card.id, Card.seq).where(Card.meeting_id == hall.meeting, Card.state == "pending")
        for row in db.session.execute(waits.order_by(Card.id).limit(190)).all():
            restore_card(Actor(meeting_by_id(hall.meeting), user=user), row.id, row.seq)
    expect(number).to_have_text(str(CARDS - 191))
    expect(drawn).to_have_count(CARDS - 191)
    expect(tablet.waiting.get_by_text("De här har väntat längst")).to_be_hidden()
    drawn.last.get_by_role("button", name="Visa kortet").click()
    expect(number).to_have_text(str(CARDS - 192))
