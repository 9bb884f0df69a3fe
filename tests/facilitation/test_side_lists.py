"""The side lists count every pending, held or hidden card, however many they draw."""

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
    """Return the id of a meeting with ``MANY`` cards, and its moderator's client."""
    with app.app_context():
        meeting = factories.a_meeting(approval=True)
        moderator = factories.a_user("moderator", meeting.dialogue.organisation, dialogue=meeting.dialogue)
        moderator.get_id()
        add_sample_cards(meeting_by_id(meeting.id), MANY)
        client = app.test_client()
        client.sign_in(moderator)
        return meeting.id, client


@pytest.mark.parametrize("state", LISTS)
def test_side_list_counts_every_card_and_draws_the_first(app, full, state):
    meeting, client = full
    with app.app_context(), write() as session:
        reason = {"hidden_reason": "prov"} if state == "hidden" else {}
        session.execute(update(Card).where(Card.meeting_id == meeting).values(state=state, **reason))
    page = client.get(f"/meetings/{meeting}/room").text
    section = page.split(f'data-list="{LISTS[state]}"')[1].split("</section>")[0]
    assert re.search(rf'data-part="count">{MANY}<', section)
    assert section.count("data-id=") == 200
    assert re.search(r'data-part="more"\s*>', section)  # a sentence says that there are more
    now = client.get(f"/meetings/{meeting}/room/now").text
    assert f'data-{state}="{MANY}"' in now
