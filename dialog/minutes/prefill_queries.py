"""Propose the text that the first draft begins with, so that minutes take ten minutes to write.

It holds extracts from the meeting and never a summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from ..cards.models import Card
from ..cards.queries import in_report
from ..chat.models import ChatMessage
from ..db import db
from ..documents.translation import Translator
from ..interviews.models import ClosingCheck
from ..meetings.models import Meeting, Stage
from .body import Body, Point, Row, new_id
from .facts_queries import WRITTEN_DURING_STAGE

#: The largest number of cards under a point, and of promises and of questions.
_MAX_CARDS, _MAX_ROWS = 5, 20


def prefill_body(meeting: Meeting, translator: Translator) -> Body:
    """Return a first body.

    Each stage becomes a point with its most supported cards; promises are listed as agreed and questions as
    open.
    """
    points = [
        _stage_point(meeting, stage, translator) for stage in meeting.stages if stage.action != "rotate"
    ]
    points += _area_points(meeting, translator)
    return Body(
        points=tuple(points or [Point(new_id(), translator._("The conversation"))]),
        agreed=tuple(Row(new_id(), card.text) for card in _cards(meeting, _is_kind("promise"), _MAX_ROWS)),
        questions=_questions(meeting),
        next_steps=_next_steps(meeting, translator),
    )


def _area_points(meeting: Meeting, translator: Translator) -> list[Point]:
    """Return a point for each focus area with cards that were written in no stage, such as those on paper."""
    outside_stages = and_(
        or_(Card.channel.not_in(WRITTEN_DURING_STAGE), and_(Card.stage_id.is_(None), Card.round.is_(None))),
        # Promises and questions stand among what was agreed and asked.
        or_(Card.kind_code.is_(None), Card.kind_code.not_in(("promise", "question"))),
    )
    areas = [(area.name, Card.area_id == area.id) for area in meeting.areas]
    areas.append((translator._("No area"), Card.area_id.is_(None)))
    found = [(name, _cards(meeting, and_(outside_stages, in_area))) for name, in_area in areas]
    return [Point(new_id(), name, _lines(cards)) for name, cards in found if cards]


def _stage_point(meeting: Meeting, stage: Stage, translator: Translator) -> Point:
    in_stage = or_(
        Card.stage_id == stage.id,
        # Older cards carry a round and no stage.
        and_(Card.stage_id.is_(None), Card.round == stage.round) if stage.round is not None else false(),
    )
    in_stage = and_(Card.channel.in_(WRITTEN_DURING_STAGE), in_stage)
    parts = [
        translator._("Question: %(question)s", question=stage.prompt) if stage.prompt else "",
        _lines(_cards(meeting, in_stage)),
        *_closing_check_lines(meeting, stage, translator),
    ]
    return Point(new_id(), stage.name, "\n".join(filter(None, parts)), stage.id)


def _cards(meeting: Meeting, condition: ColumnElement[bool], max_count: int = _MAX_CARDS) -> Sequence[Card]:
    query = (
        select(Card)
        .where(Card.meeting_id == meeting.id, in_report(), condition)
        .order_by(Card.dots.desc().nulls_last(), Card.stands_for.desc(), Card.id)
        .limit(max_count)
    )
    return db.session.scalars(query).all()


def _is_kind(code: str) -> ColumnElement[bool]:
    return Card.kind_code == code


def _lines(cards: Sequence[Card]) -> str:
    return "\n".join(f"– {' '.join(card.text.split())}" for card in cards)


def _closing_check_lines(meeting: Meeting, stage: Stage, translator: Translator) -> list[str]:
    """Return the summaries that were read to a focus group during *stage*, and what it answered."""
    query = select(ClosingCheck).where(
        ClosingCheck.meeting_id == meeting.id, ClosingCheck.stage_id == stage.id
    )
    found = []
    for check in db.session.scalars(query.order_by(ClosingCheck.id)):
        found.append(translator._("Read to the group: %(summary)s", summary=check.summary))
        if check.agreed is not None or check.differed is not None:
            found.append(
                translator._(
                    "Agreed: %(agreed)s. Saw it differently: %(differed)s.",
                    agreed=check.agreed or 0,
                    differed=check.differed or 0,
                )
            )
        if check.objections:
            found.append(translator._("Objections: %(text)s", text=check.objections))
    return found


def _questions(meeting: Meeting) -> tuple[Row, ...]:
    """Return question cards, and chat questions and parked messages that have no answer."""
    asked = [card.text for card in _cards(meeting, _is_kind("question"), _MAX_ROWS)]
    query = (
        select(ChatMessage.text)
        .where(
            ChatMessage.meeting_id == meeting.id,
            ChatMessage.kind.in_(("question", "parking")),
            ChatMessage.state == "shown",
            ChatMessage.answer == "",
            ChatMessage.card_id.is_(None),
        )
        .order_by(ChatMessage.id)
        .limit(_MAX_ROWS)
    )
    return tuple(Row(new_id(), text) for text in [*asked, *db.session.scalars(query)])


def _next_steps(meeting: Meeting, translator: Translator) -> str:
    dialogue = meeting.dialogue
    lines = [translator._("The cards are put together in a report.")]
    if dialogue.body is not None and dialogue.decision_date is not None:
        day = translator.format_day(dialogue.decision_date.isoformat())
        lines.append(translator._("%(body)s is to decide on %(day)s.", body=dialogue.body.name, day=day))
    elif dialogue.body is not None:
        lines.append(translator._("It goes to %(body)s.", body=dialogue.body.name))
    return "\n".join(lines)
