"""The wall as a page first shows it."""

from __future__ import annotations

import uuid

from dialog.cards import adding
from dialog.cards.queries import Drawing
from dialog.cards.wall import columns
from dialog.db import write
from dialog.meetings import actions
from dialog.meetings.actor import Actor
from dialog.meetings.queries import meeting_by_id
from tests import factories


def _written(meeting, area, *texts):
    participant, _token = actions.join(meeting)
    actor = Actor(meeting, participant=participant)
    for text in texts:
        adding.add_card(actor, {"uuid": str(uuid.uuid4()), "text": text, "area": area})


def test_the_newest_of_each_area_are_drawn_and_all_are_counted(session):
    meeting = factories.a_meeting()
    first, second = meeting.areas
    _written(meeting, first.id, "ett", "två", "tre")
    _written(meeting, None, "utan")
    seen = columns(meeting, Drawing(meeting.id), 2)
    assert [column["area"] and column["area"].name for column in seen] == [first.name, second.name, None]
    assert [column["count"] for column in seen] == [3, 0, 1]
    assert [card["text"] for card in seen[0]["cards"]] == ["tre", "två"]


def test_an_area_that_left_the_dialogue_keeps_its_cards_in_view(session):
    meeting = factories.a_meeting()
    first, second = meeting.areas
    _written(meeting, first.id, "ett")
    with write() as changing:
        changing.delete(meeting.dialogue.chosen_areas[0])
    changing.expire_all()
    seen = columns(meeting_by_id(meeting.id), Drawing(meeting.id), 10)
    assert [column["area"] and column["area"].id for column in seen] == [second.id, first.id, None]
    assert [card["text"] for card in seen[1]["cards"]] == ["ett"]
