"""Read the focus groups of a dialogue for comparison, question by question."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from ..cards.models import Card, Speaker
from ..cards.queries import in_report
from ..db import db
from ..dialogues.models import CardKind
from ..meetings.models import Meeting, Stage

QUOTE = "quote"
METHOD = "fokusgrupp"


@dataclass
class GroupAnswers:
    """The answers of one group to one question."""

    cards: list[Card] = field(default_factory=list)
    #: Whether the question is part of this group's guide.
    asked: bool = False

    @property
    def quotes(self) -> list[Card]:
        return [card for card in self.cards if card.kind_code == QUOTE]

    @property
    def speakers(self) -> int:
        """Return how many different people the cards are from."""
        return len({card.speaker for card in self.cards if card.speaker is not None})


@dataclass
class QuestionRow:
    """A question, and the answers of each group in the order of ``Comparison.groups``."""

    #: Empty for the cards that were written outside of every question.
    question: str
    by_group: list[GroupAnswers]


@dataclass
class Comparison:
    """The groups of a dialogue, a row for each question, and the labels of the kinds of card."""

    groups: list[Meeting]
    rows: list[QuestionRow]
    kinds: dict[str, str]


def compare_groups(dialogue_id: int) -> Comparison:
    """Return the dialogue's focus groups side by side.

    Questions with the same words are one row, whatever their spacing and capitals.
    """
    groups = _groups(dialogue_id)
    rows: dict[str, QuestionRow] = {}
    stages: dict[int, str] = {}
    for place, meeting in enumerate(groups):
        for stage in meeting.stages:
            key = _key(stage)
            stages[stage.id] = key
            if stage.prompt or stage.may_write:
                row = rows.setdefault(
                    key, QuestionRow(stage.prompt or stage.name, [GroupAnswers() for _g in groups])
                )
                row.by_group[place].asked = True
    loose = QuestionRow("", [GroupAnswers() for _g in groups])
    for place, meeting in enumerate(groups):
        for card in _cards(meeting.id):
            found = rows.get(stages.get(card.stage_id or 0, ""), loose)
            found.by_group[place].cards.append(card)
    every = [*rows.values(), *([loose] if any(answers.cards for answers in loose.by_group) else [])]
    kinds = {kind.code: kind.label_sv for kind in db.session.scalars(select(CardKind))}
    return Comparison(groups, every, kinds)


def _key(stage: Stage) -> str:
    return " ".join((stage.prompt or stage.name).casefold().split())


def _groups(dialogue_id: int) -> list[Meeting]:
    """Return the meetings with the method for focus groups, or in which consent was taken."""
    numbered = select(Speaker.meeting_id)
    query = (
        select(Meeting)
        .where(
            Meeting.dialogue_id == dialogue_id,
            (Meeting.method_key == METHOD) | Meeting.id.in_(numbered),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(db.session.scalars(query))


def _cards(meeting_id: int) -> list[Card]:
    query = (
        select(Card)
        .where(Card.meeting_id == meeting_id, in_report(), Card.channel == "interview")
        .order_by(Card.id)
    )
    return list(db.session.scalars(query))
