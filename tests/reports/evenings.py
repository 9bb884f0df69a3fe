"""Evenings in the database, for tests of gathering, publishing and pages."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from dialog.cards.models import Card, CardArea
from dialog.db import write
from dialog.dialogues.models import Dialogue
from dialog.meetings.models import Meeting, Table
from dialog.people.models import User
from tests import factories

_seq = itertools.count(1)


def a_card(meeting: Meeting, author: User, text: str = "Fler bänkar", **more: Any) -> Card:
    """A shown card written by *author* on behalf of somebody."""
    also = more.pop("also", ())
    with write() as session:
        card = Card(
            meeting_id=meeting.id,
            uuid=str(uuid.uuid4()),
            seq=next(_seq),
            state=more.pop("state", "shown"),
            text=text,
            sent_hash="0" * 64,
            channel=more.pop("channel", "live"),
            author_user_id=author.id,
            **more,
        )
        card.also_areas = [CardArea(area_id=area.id) for area in also]
        session.add(card)
    return card


def an_evening() -> tuple[Dialogue, Meeting, User]:
    """A closed meeting with one card in an area, and the official of its dialogue."""
    organisation = factories.an_organisation()
    area = factories.an_area(organisation, "Trygghet", responsible=("Säkerhetssamordnare",))
    dialogue = factories.a_dialogue(organisation, areas=(area,), body_id=factories.a_body(organisation).id)
    official = factories.a_user("official", organisation, dialogue=dialogue)
    meeting = factories.a_meeting(dialogue, state="closed")
    a_card(meeting, official, area_id=area.id)
    return dialogue, meeting, official


def tables(meeting: Meeting, *names: str) -> list[Table]:
    """Tables 1, 2, 3 … with *names*."""
    with write() as session:
        made = [Table(meeting_id=meeting.id, number=n, name=name) for n, name in enumerate(names, start=1)]
        session.add_all(made)
    return made
