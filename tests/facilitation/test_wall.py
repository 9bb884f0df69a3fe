"""The columns of the wall as a page first draws them, and the older cards of each."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from dialog.cards.create_actions import NewCard, add_cards
from dialog.cards.models import Card
from dialog.cards.queries import card_rows
from dialog.cards.rendering import CardRenderer
from dialog.cards.wall_queries import count_by_area, older_cards, wall_columns
from dialog.db import write
from dialog.joining.actions import join_meeting
from dialog.meetings.queries import meeting_by_id
from tests import factories


def _written(meeting, area, *texts):
    participant = join_meeting(meeting.id)
    writer = {"meeting_id": meeting.id, "participant_id": participant.id, "area": area}
    add_cards([NewCard(uuid=str(uuid.uuid4()), text=text, **writer) for text in texts])


def test_newest_cards_of_each_area_are_drawn_and_all_counted(session):
    meeting = factories.a_meeting()
    first, second = meeting.areas
    _written(meeting, first.id, "ett", "två", "tre")
    _written(meeting, None, "utan")
    seen = wall_columns(meeting, CardRenderer(meeting.id), 2)
    assert [column["area"] and column["area"].name for column in seen] == [first.name, second.name, None]
    assert [column["count"] for column in seen] == [3, 0, 1]
    assert [card["text"] for card in seen[0]["cards"]] == ["tre", "två"]


def test_area_removed_from_the_dialogue_keeps_its_column(session):
    meeting = factories.a_meeting()
    first, second = meeting.areas
    _written(meeting, first.id, "ett")
    with write() as changing:
        changing.delete(meeting.dialogue.chosen_areas[0])
    changing.expire_all()
    seen = wall_columns(meeting_by_id(meeting.id), CardRenderer(meeting.id), 10)
    assert [column["area"] and column["area"].id for column in seen] == [second.id, first.id, None]
    assert [card["text"] for card in seen[1]["cards"]] == ["ett"]


def test_column_is_read_to_its_end_page_by_page(session):
    meeting = factories.a_meeting()
    first, second = meeting.areas
    _written(meeting, first.id, *(f"kort {n}" for n in range(7)))
    _written(meeting, second.id, "annat")
    seen = wall_columns(meeting, CardRenderer(meeting.id), 3)[0]["cards"]
    texts = [card["text"] for card in seen]
    more = True
    while more:
        found, more = older_cards(meeting.id, first.id, seen[-1]["id"], 2)
        seen = [{"id": card.id} for card in found]
        texts += [card.text for card in found]
    assert texts == [f"kort {n}" for n in reversed(range(7))]


def test_column_begins_with_the_card_asked_for(session):
    meeting = factories.a_meeting()
    first = meeting.areas[0]
    _written(meeting, first.id, *(f"kort {n}" for n in range(5)))
    column = wall_columns(meeting, CardRenderer(meeting.id), 2)[0]
    assert not column["newer"]
    start = card_rows.find(meeting.id, column["more"])
    column = wall_columns(meeting, CardRenderer(meeting.id), 2, start)[0]
    assert column["newer"]
    assert [card["text"] for card in column["cards"]] == ["kort 2", "kort 1"]
    last = wall_columns(meeting, CardRenderer(meeting.id), 2, card_rows.find(meeting.id, column["more"]))[0]
    assert [card["text"] for card in last["cards"]] == ["kort 0"]
    assert last["more"] is None


def test_hidden_card_is_neither_counted_nor_drawn(session):
    meeting = factories.a_meeting()
    first = meeting.areas[0]
    _written(meeting, first.id, "ett", "två", "tre")
    with write() as changing:
        card = changing.scalars(select(Card).where(Card.text == "två")).one()
        card.state, card.hidden_reason = "hidden", "dubblett"
    assert count_by_area(meeting.id) == {first.id: 2}
    found, more = older_cards(meeting.id, first.id, 2**31, 10)
    assert ([card.text for card in found], more) == (["tre", "ett"], False)
