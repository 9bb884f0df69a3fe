"""Write and change chat messages. Each change takes the meeting's next chat number in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import db, write
from ..errors import Closed, Forbidden, Invalid, TooFast, require
from ..live.limits import RateLimiter
from ..meetings.actor import Actor
from ..meetings.numbered_rows import Added
from ..meetings.numbering_actions import change_row, lock_meeting, take_numbers
from ..meetings.permissions import ended_at
from ..web.settings import settings_of
from .card_actions import create_card
from .models import ChatMessage
from .permissions import may_chat
from .queries import message_rows

#: Talk is slower than thoughts on cards: a burst, then one every few seconds.
PERSON = RateLimiter(burst=6, seconds=3)
TABLE = RateLimiter(burst=15, seconds=1)
MEETING = RateLimiter(burst=400, seconds=0.02)


def create_message(actor: Actor, *, uuid: str, text: str, kind: str = "chat") -> Added:
    """Write a message or ask a question. The same UUID never makes two.

    A participant's message waits for approval where the meeting approves first. ``Conflict`` when the UUID
    was used for another text.
    """
    meeting_id = actor.meeting.id
    known = _find_repeat(actor, uuid, text)
    if known is not None:
        return known
    _take_from_limits(actor)
    try:
        with write() as session:
            lock_meeting(session, meeting_id)
            known = _find_repeat(actor, uuid, text)
            if known is not None:
                return known
            message = _insert(session, actor, uuid, text, kind)
    except IntegrityError:
        # Another process saved this UUID first, so that message is the one.
        db.session.rollback()
        known = _find_repeat(actor, uuid, text)
        if known is None:
            raise
        return known
    return Added(message.id, message.seq)


def _insert(session: Session, actor: Actor, uuid: str, text: str, kind: str) -> ChatMessage:
    if not may_chat(actor):
        if not actor.is_staff and ended_at(actor.meeting) is not None:
            raise Closed
        raise Forbidden(_("The chat is closed right now. Your text is kept; send it when it opens again."))
    if kind == "parking":
        require(actor.is_staff)
    waits = actor.participant is not None and actor.meeting.approval
    message = ChatMessage(
        meeting_id=actor.meeting.id,
        uuid=uuid,
        seq=take_numbers(session, actor.meeting.id, 1, message_rows.counter),
        stage_id=actor.meeting.stage_id,
        kind=kind,
        state="pending" if waits else "shown",
        text=text,
        author_participant_id=actor.participant.id if actor.participant else None,
        author_user_id=actor.user.id if actor.user else None,
    )
    session.add(message)
    session.flush()
    if actor.user is not None:
        _record(session, actor, "add", message)
    return message


def _find_repeat(actor: Actor, uuid: str, text: str) -> Added | None:
    message = message_rows.by_uuid(actor.meeting.id, [uuid]).get(uuid)
    return None if message is None else message_rows.as_repeat(actor, message, text)


def _take_from_limits(actor: Actor) -> None:
    participant = actor.participant
    if participant is None:
        require(actor.is_staff)  # a projector view only reads
        return
    if not settings_of().limits:
        return
    own = TABLE if participant.kind == "table" else PERSON
    wait = own.take(participant.id)
    if not wait and (wait := MEETING.take(actor.meeting.id)):
        own.give_back(participant.id)
    if wait:
        raise TooFast(wait)


def _change(
    actor: Actor, act: str, message_id: int, base: int, apply: Callable[[Session, ChatMessage], bool]
) -> ChatMessage:
    """Find, apply and number: the one way an existing message changes, always by the staff.

    *apply* returns False when the message already is as wanted; then nothing changes.
    """
    meeting_id = actor.meeting.id
    with write() as session:
        require(actor.is_staff)
        lock_meeting(session, meeting_id)
        message = message_rows.get(meeting_id, message_id)
        if not change_row(session, message_rows, actor, message, base, apply):
            return message
        _record(session, actor, act, message)
    return message


def _record(session: Session, actor: Actor, act: str, message: ChatMessage, **details: Any) -> None:
    organisation_id = actor.meeting.dialogue.organisation_id
    record(session, actor.person, f"chat.{act}", message, organisation_id=organisation_id, **details)


def hide_message(actor: Actor, message_id: int, base: int, reason: str) -> ChatMessage:
    """Hide a message, with a reason that its writer sees. It can be restored."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.state == "hidden":
            return False
        message.state, message.hidden_reason = "hidden", reason
        return True

    return _change(actor, "hide", message_id, base, apply)


def restore_message(actor: Actor, message_id: int, base: int) -> ChatMessage:
    """Show a hidden message again, or approve one that waits for approval."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.state == "shown":
            return False
        message.state, message.hidden_reason = "shown", ""
        return True

    return _change(actor, "restore", message_id, base, apply)


def answer_message(actor: Actor, message_id: int, base: int, answer: str) -> ChatMessage:
    """Answer a question, or note what was done about a parked line; an empty *answer* removes it."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.answer == answer:
            return False
        message.answer = answer
        return True

    return _change(actor, "answer", message_id, base, apply)


def change_kind(actor: Actor, message_id: int, base: int, kind: str) -> ChatMessage:
    """Move a message among talk, questions and the parking lot."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.kind == kind:
            return False
        message.kind = kind
        return True

    return _change(actor, "park" if kind == "parking" else "unpark", message_id, base, apply)


def turn_into_card(actor: Actor, message_id: int, base: int, area_id: int | None) -> ChatMessage:
    """Make a card of a message, which stays and points at the card. Pressed twice, it makes one card."""

    def apply(session: Session, message: ChatMessage) -> bool:
        if message.card_id is not None:
            return False
        if message.state == "hidden":
            raise message_rows.conflict_with(actor, message)
        if area_id is not None and area_id not in {area.id for area in actor.meeting.areas}:
            raise Invalid({"area": _("There is no such area in this dialogue.")})
        message.card_id = create_card(session, actor, message, area_id)
        message.state = "shown"
        return True

    return _change(actor, "card", message_id, base, apply)
