"""Read the wall: a column for each area, the newest cards on top, older ones a page at a time.

A page costs what the cards on it cost, however many the meeting has; only the counts are read from an index
over all of them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all

from ..areas.models import FocusArea
from ..db import db
from ..meetings.models import Meeting
from .models import Card
from .rendering import CardRenderer


def count_by_area(meeting_id: int) -> dict[int | None, int]:
    """Return the number of shown cards by area id; None stands for cards of no area."""
    query = select(Card.area_id, func.count()).where(*_shown(meeting_id)).group_by(Card.area_id)
    return dict(db.session.execute(query).all())


def wall_counts(meeting: Meeting) -> dict[str, Any]:
    """Return ``count_by_area`` by the key of each column, with the number of the last change it includes."""
    # The number is read first: a change in between is counted twice until the page asks again.
    return {
        "seq": meeting.seq,
        "counts": {str(area or ""): n for area, n in count_by_area(meeting.id).items()},
    }


def wall_columns(
    meeting: Meeting, renderer: CardRenderer, per_area: int, start: Card | None = None
) -> list[dict[str, Any]]:
    """Return each area with its number of shown cards and the newest of them; last, the cards of no area.

    At most *per_area* cards of an area are drawn. The column of *start* begins with that card when it would
    not be among them (``newer``). ``more`` is the card that comes after those drawn, if there is one.
    """
    numbers = count_by_area(meeting.id)
    areas = [*meeting.areas, *_no_longer_chosen(meeting, numbers), None]
    piles = _newest(meeting.id, [area.id if area else None for area in areas], per_area)
    later = None
    if start is not None and start.state == "shown" and start not in piles.get(start.area_id, [])[:per_area]:
        piles[start.area_id] = _older(meeting.id, start.area_id, start.id + 1, per_area + 1)
        later = start.area_id, start.id
    renderer.load_names(card for pile in piles.values() for card in pile)
    return [
        {
            "area": area,
            "count": numbers.get(key, 0),
            "cards": renderer.contexts(piles[key][:per_area]),
            "more": piles[key][per_area].id if len(piles[key]) > per_area else None,
            "newer": later is not None and later[0] == key,
        }
        for area, key in ((area, area.id if area else None) for area in areas)
    ]


def older_cards(meeting_id: int, area: int | None, before: int, most: int) -> tuple[list[Card], bool]:
    """Return the next cards of a column below card *before*, at most *most*; and whether there are more."""
    cards = _older(meeting_id, area, before, most + 1)
    return cards[:most], len(cards) > most


def _shown(meeting_id: int) -> tuple[ColumnElement[bool], ...]:
    return Card.meeting_id == meeting_id, Card.state == "shown"


def _older(meeting_id: int, area: int | None, before: int, most: int) -> list[Card]:
    query = (
        select(Card)
        .where(*_shown(meeting_id), Card.area_id == area, Card.id < before)
        .order_by(Card.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def _newest(meeting_id: int, areas: list[int | None], per_area: int) -> dict[int | None, list[Card]]:
    """Return the newest cards of each area, and one more that tells whether there are older ones."""
    # A query for each area, sent as one: numbering the cards of all areas would read the whole wall.
    newest = [
        select(
            select(Card.id)
            .where(*_shown(meeting_id), Card.area_id == area)
            .order_by(Card.id.desc())
            .limit(per_area + 1)
            .subquery()
        )
        for area in areas
    ]
    ids = union_all(*newest).subquery()
    piles: dict[int | None, list[Card]] = {area: [] for area in areas}
    for card in db.session.scalars(select(Card).join(ids, ids.c.id == Card.id).order_by(Card.id.desc())):
        piles[card.area_id].append(card)
    return piles


def _no_longer_chosen(meeting: Meeting, numbers: dict[int | None, int]) -> list[FocusArea]:
    """Return areas that left the dialogue after cards were written in them: those cards stay in view."""
    gone = {area for area in numbers if area is not None} - {area.id for area in meeting.areas}
    if not gone:
        return []
    return list(db.session.scalars(select(FocusArea).where(FocusArea.id.in_(gone)).order_by(FocusArea.id)))
