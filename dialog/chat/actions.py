"""What is done with the chat. Each change takes the meeting's next chat number in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import db, write
from ..errors import Closed, Conflict, Forbidden, Invalid, TooFast, require
from ..live.limits import RateLimiter
from ..meetings.actor import Actor
from ..meetings.numbering_actions import lock_meeting, take_numbers
from ..meetings.permissions import ended_at
from ..web.security import settings_of
from . import message_to_card, queries
from .models import ChatMessage
from .permissions import may_say

#: Talk is slower than thoughts on cards: a burst, then one every few seconds.
PERSON = RateLimiter(burst=6, seconds=3)
TABLE = RateLimiter(burst=15, seconds=1)
MEETING = RateLimiter(burst=400, seconds=0.02)


def say(actor: Actor, *, uuid: str, text: str, kind: str = "chat") -> tuple[ChatMessage, bool]:
    """Say or ask something; the message, and whether it was there before. The same UUID never makes two.

    A participant's message waits for approval where the meeting approves first. ``Conflict`` when the UUID
    was used for another text.
    """
    meeting_id = actor.meeting.id
    known = _said_before(actor, uuid, text)
    if known is not None:
        return known, True
    _take_from_limits(actor)
    try:
        with write() as session:
            lock_meeting(session, meeting_id)
            known = _said_before(actor, uuid, text)
            if known is not None:
                return known, True
            message = _add(session, actor, uuid, text, kind)
    except IntegrityError:
        # Another process had it first: two uuids cannot be, so theirs is the one.
        db.session.rollback()
        known = _said_before(actor, uuid, text)
        if known is None:
            raise
        return known, True
    return message, False


def _add(session: Session, actor: Actor, uuid: str, text: str, kind: str) -> ChatMessage:
    if not may_say(actor):
        if not actor.is_staff and ended_at(actor.meeting) is not None:
            raise Closed
        raise Forbidden(_("The chat is closed right now. Your text is kept; send it when it opens again."))
    if kind == "parking":
        require(actor.is_staff)
    waits = actor.participant is not None and actor.meeting.approval
    message = ChatMessage(
        meeting_id=actor.meeting.id,
        uuid=uuid,
        seq=take_numbers(session, actor.meeting.id, 1, "chat_seq"),
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


def _said_before(actor: Actor, uuid: str, text: str) -> ChatMessage | None:
    message = queries.by_uuid(actor.meeting.id, uuid)
    if message is None:
        return None
    if message.text != text:
        raise Conflict(queries.as_seen_by(actor, message))
    return message


def _take_from_limits(actor: Actor) -> None:
    participant = actor.participant
    if participant is None:
        require(actor.is_staff)  # a projector only looks
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
    actor: Actor, act: str, number: int, base: int, apply: Callable[[Session, ChatMessage], bool]
) -> ChatMessage:
    """The one way an existing message changes, always by the staff. *apply* says False: nothing to do."""
    meeting_id = actor.meeting.id
    with write() as session:
        require(actor.is_staff)
        lock_meeting(session, meeting_id)
        message = queries.message_in(meeting_id, number)
        if base > message.seq:
            raise Invalid({"base": _("This number is ahead of the message.")})
        newer = base < message.seq
        if not apply(session, message):
            return message
        if newer:
            session.refresh(message)
            raise Conflict(queries.as_seen_by(actor, message))
        message.seq = take_numbers(session, meeting_id, 1, "chat_seq")
        session.flush()
        _record(session, actor, act, message)
    return message


def _record(session: Session, actor: Actor, act: str, message: ChatMessage, **details: Any) -> None:
    organisation_id = actor.meeting.dialogue.organisation_id
    record(session, actor.person, f"chat.{act}", message, organisation_id=organisation_id, **details)


def hide(actor: Actor, number: int, base: int, reason: str) -> ChatMessage:
    """Take a message out of view, with a reason that its writer is told. It can be restored."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.state == "hidden":
            return False
        message.state, message.hidden_reason = "hidden", reason
        return True

    return _change(actor, "hide", number, base, apply)


def restore(actor: Actor, number: int, base: int) -> ChatMessage:
    """Undo hiding, or let a message that waits for approval be seen."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.state == "shown":
            return False
        message.state, message.hidden_reason = "shown", ""
        return True

    return _change(actor, "restore", number, base, apply)


def reply(actor: Actor, number: int, base: int, answer: str) -> ChatMessage:
    """Answer a question, or note what was done about a parked line; empty takes it back."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.answer == answer:
            return False
        message.answer = answer
        return True

    return _change(actor, "answer", number, base, apply)


def put_in(actor: Actor, number: int, base: int, kind: str) -> ChatMessage:
    """Put a message among talk, questions or what is parked."""

    def apply(_session: Session, message: ChatMessage) -> bool:
        if message.kind == kind:
            return False
        message.kind = kind
        return True

    return _change(actor, "park" if kind == "parking" else "unpark", number, base, apply)


def make_card(actor: Actor, number: int, base: int, area_id: int | None) -> ChatMessage:
    """Let a message become a card; the message stays and points at it. Pressed twice, one card."""

    def apply(session: Session, message: ChatMessage) -> bool:
        if message.card_id is not None:
            return False
        if message.state == "hidden":
            raise Conflict(queries.as_seen_by(actor, message))
        if area_id is not None and area_id not in {area.id for area in actor.meeting.areas}:
            raise Invalid({"area": _("There is no such area in this dialogue.")})
        message.card_id = message_to_card.card_of(session, actor, message, area_id)
        message.state = "shown"
        return True

    return _change(actor, "card", number, base, apply)


def mine(actor: Actor) -> set[str]:
    """The UUIDs of what the participant has said here."""
    if actor.participant is None:
        return set()
    query = select(ChatMessage.uuid).where(ChatMessage.author_participant_id == actor.participant.id)
    return set(db.session.scalars(query))
