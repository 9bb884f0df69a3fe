"""Find the speakers, the guide, the notes and the closing checks of a focus group."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from ..cards.models import Card, Speaker
from ..db import db
from ..dialogues.models import Dialogue
from ..errors import NotFound
from ..meetings.models import Meeting, Stage
from ..meetings.permissions import may_lead_in
from ..people.models import User
from .models import AskedQuestion, ClosingCheck

#: The largest number of notes shown on the observer's screen.
MAX_NOTES = 60


@dataclass(frozen=True)
class FollowUp:
    """A follow-up question of the guide, and whether it was asked."""

    text: str
    key: str
    asked: bool


def speakers_of(meeting_id: int) -> list[Speaker]:
    """Return the speakers of the group by number."""
    query = select(Speaker).where(Speaker.meeting_id == meeting_id).order_by(Speaker.number)
    return list(db.session.scalars(query))


def guide(meeting: Meeting) -> list[Stage]:
    """Return the stages that ask something, or all stages when none does."""
    asking = [stage for stage in meeting.stages if stage.prompt or stage.follow_ups or stage.may_write]
    return asking or list(meeting.stages)


def question_in(meeting: Meeting, stage_id: int | None) -> Stage | None:
    """Return the stage *stage_id*, else the stage of the meeting now, else the first of the guide.

    Raise ``NotFound`` for a stage of another meeting.
    """
    if stage_id is not None:
        found = next((stage for stage in meeting.stages if stage.id == stage_id), None)
        if found is None:
            raise NotFound
        return found
    questions = guide(meeting)
    now = next((stage for stage in questions if stage.id == meeting.stage_id), None)
    return now or next(iter(questions), None)


def follow_ups(stage: Stage) -> list[FollowUp]:
    """Return the follow-up questions of *stage*, which stores one a line."""
    asked = set(db.session.scalars(select(AskedQuestion.text_hash).where(AskedQuestion.stage_id == stage.id)))
    lines = [line.strip() for line in stage.follow_ups.splitlines() if line.strip()]
    return [
        FollowUp(line, follow_up_key(line), follow_up_key(line) in asked) for line in dict.fromkeys(lines)
    ]


def follow_up_key(question: str) -> str:
    """Return the key of a follow-up question: the SHA-256 of its text."""
    return hashlib.sha256(question.encode()).hexdigest()


def latest_notes(meeting_id: int, stage_id: int | None) -> Sequence[Card]:
    """Return the notes on a question, the newest first; *stage_id* None is outside of every question."""
    query = (
        select(Card)
        .where(
            Card.meeting_id == meeting_id,
            Card.channel == "interview",
            Card.state.in_(("shown", "held")),
            Card.stage_id == stage_id if stage_id is not None else Card.stage_id.is_(None),
        )
        .order_by(Card.id.desc())
        .limit(MAX_NOTES)
    )
    return db.session.scalars(query).all()


def notes_by_speaker(meeting_id: int) -> dict[int, int]:
    """Return the number of notes by speaker, which shows who has not been heard yet."""
    query = (
        select(Card.speaker, func.count())
        .where(
            Card.meeting_id == meeting_id,
            Card.speaker.is_not(None),
            Card.state.in_(("shown", "held")),
        )
        .group_by(Card.speaker)
    )
    return {number: count for number, count in db.session.execute(query) if number is not None}


def checks_of(meeting_id: int) -> list[ClosingCheck]:
    """Return every closing check, the oldest first."""
    query = select(ClosingCheck).where(ClosingCheck.meeting_id == meeting_id).order_by(ClosingCheck.id)
    return list(db.session.scalars(query))


def dialogue_for(user: User | None, dialogue_id: int) -> Dialogue:
    """Return a dialogue; raise ``NotFound`` for a *user* who does not work with it."""
    dialogue = db.session.get(Dialogue, dialogue_id)
    if dialogue is None or not may_lead_in(user, dialogue):
        raise NotFound
    return dialogue
