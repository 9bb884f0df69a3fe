"""Fill a meeting with generated cards, through the ordinary action."""

from __future__ import annotations

import random
import uuid

from ..cards.create_actions import MAX_BATCH, NewCard, add_cards
from ..joining.actions import join_meeting
from ..meetings.models import Meeting
from .sample_report import sample_snapshot

#: Participants who write the cards.
WRITERS = 100


def add_sample_cards(meeting: Meeting, cards: int, *, seed: int = 2014) -> None:
    """Add *cards* cards of ``WRITERS`` participants to *meeting*, in all its areas; the same for a *seed*."""
    chance = random.Random(seed)  # noqa: S311  (made-up sentences, no secrets)
    texts = [card.text for area in sample_snapshot(cards, seed=seed).areas for card in area.cards]
    chance.shuffle(texts)
    writers = [join_meeting(meeting.id).id for _ in range(WRITERS)]
    areas = [area.id for area in meeting.areas] + [None]
    batch = [
        NewCard(
            meeting_id=meeting.id,
            uuid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            text=text,
            area=chance.choice(areas),
            participant_id=chance.choice(writers),
        )
        for text in texts
    ]
    for first in range(0, len(batch), MAX_BATCH):
        add_cards(batch[first : first + MAX_BATCH])
