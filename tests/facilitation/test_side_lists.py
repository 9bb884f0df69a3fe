"""What waits, is held or is hidden in the room: the number is the true one, however many are drawn."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from dialog.bench.sample_cards import add_sample_cards
from dialog.cards.models import Card
from dialog.db import write
from dialog.meetings.queries import meeting_by_id
from tests import factories

MANY = 3000
LISTS = {"pending": "waiting", "held": "held", "hidden": "hidden"}


@pytest.fixture
def full(app):
    """A meeting with as many cards, and who leads it."""
    with app.app_context():
        meeting = factories.a_meeting(approval=True)
        moderator = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
        moderator.get_id()
        add_sample_cards(meeting_by_id(meeting.id), MANY)
        client = app.test_client()
        client.sign_in(moderator)
        return meeting.id, client


@pytest.mark.parametrize("state", LISTS)
def test_the_number_is_the_true_one(app, full, state):
    meeting, client = full
    with app.app_context(), write() as session:
        reason = {"hidden_reason": "prov"} if state == "hidden" else {}
        session.execute(update(Card).where(Card.meeting_id == meeting).values(state=state, **reason))
    page = client.get(f"/meetings/{meeting}/room").text
    section = page.split(f'data-list="{LISTS[state]}"')[1].split("</section>")[0]
    assert re.search(rf'data-part="count">{MANY}<', section)
    assert section.count("data-id=") == 200
    assert re.search(r'data-part="more"\s*>', section)  # and it says that there are more
    now = client.get(f"/meetings/{meeting}/room/now").text
    assert f'data-{state}="{MANY}"' in now
