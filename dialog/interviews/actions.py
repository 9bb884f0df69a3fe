"""Take consent, write notes and hold the closing check in a focus group.

Each act is one transaction. The audit log has people's numbers and never their names.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..cards.create_actions import new_card, save
from ..cards.models import Card, Speaker
from ..cards.queries import card_rows
from ..db import utcnow, write
from ..errors import Conflict, DialogError, Forbidden, Invalid, NotFound, require
from ..meetings.activity_actions import record_activity
from ..meetings.models import Meeting, Stage
from ..meetings.numbered_rows import Added
from ..meetings.numbering_actions import lock_meeting, renumber
from ..people.models import User
from . import queries
from .forms import MAX_GROUP
from .models import AskedQuestion, ClosingCheck
from .permissions import may_be_quoted, may_observe


def take_consent(user: User, meeting: Meeting, group: int, agreed: int) -> None:
    """Number the group from 1; the first *agreed* have said yes. Do nothing when the group is numbered."""
    try:
        with write() as session:
            require(may_observe(user, meeting))
            if queries.speakers_of(meeting.id):
                return
            now = utcnow()
            for number in range(1, group + 1):
                session.add(
                    Speaker(
                        meeting_id=meeting.id, number=number, consented_at=now if number <= agreed else None
                    )
                )
            _record(session, user, "interview.consent", meeting, group=group, agreed=agreed)
    except IntegrityError:  # another device has numbered the group at the same moment
        return


def add_speaker(user: User, meeting: Meeting, *, consents: bool) -> Speaker:
    """Give the next number to somebody who came later. Raise ``Conflict`` when the group is full."""
    try:
        with write() as session:
            require(may_observe(user, meeting))
            number = max((each.number for each in queries.speakers_of(meeting.id)), default=0) + 1
            if number > MAX_GROUP:
                raise Conflict(message=_("There is room for %(most)s people in a group.", most=MAX_GROUP))
            speaker = Speaker(
                meeting_id=meeting.id, number=number, consented_at=utcnow() if consents else None
            )
            session.add(speaker)
            _record(session, user, "interview.join", meeting, number=number, consents=consents)
    except IntegrityError:
        raise Conflict from None
    return speaker


def give_consent(user: User, meeting: Meeting, number: int) -> None:
    """Note that a person says yes. When they had taken their consent back, show the cards that this hid."""
    with write() as session:
        require(may_observe(user, meeting))
        lock_meeting(session, meeting.id)
        speaker = _require_speaker(session, meeting, number)
        if may_be_quoted(speaker):
            return
        if speaker.withdrew_at is not None:
            hidden_then = (
                Card.speaker == number,
                Card.state == "hidden",
                # The withdrawal hid these. Cards that were hidden for another reason stay hidden.
                Card.changed_at == speaker.withdrew_at,
            )
            count = renumber(
                session,
                card_rows,
                meeting.id,
                *hidden_then,
                state=func.coalesce(Card.hidden_from, "shown"),
                hidden_from=None,
                hidden_reason="",
                changed_at=utcnow(),
            )
            record_activity(session, user, meeting, "interview.again", number=number, cards=count)
        else:
            _record(session, user, "interview.yes", meeting, number=number)
        speaker.consented_at, speaker.withdrew_at = speaker.consented_at or utcnow(), None


def withdraw_consent(user: User, meeting: Meeting, number: int) -> int:
    """Take back a person's consent: hide their cards and refuse new ones. Return how many were hidden."""
    with write() as session:
        require(may_observe(user, meeting))
        lock_meeting(session, meeting.id)
        speaker = _require_speaker(session, meeting, number)
        if speaker.withdrew_at is not None:
            return 0
        now = utcnow()
        speaker.withdrew_at = now
        visible_cards = (
            Card.speaker == number,
            Card.state.in_(("shown", "pending", "held")),
        )
        count = renumber(
            session,
            card_rows,
            meeting.id,
            *visible_cards,
            state="hidden",
            hidden_from=Card.state,
            hidden_reason=_("Participant %(number)s has taken back their consent.", number=number),
            changed_at=now,
        )
        # The activity log has it too, for cards leave the wall. Only the person's own yes brings them back.
        record_activity(session, user, meeting, "interview.withdraw", number=number, cards=count)
    return count


def add_note(user: User, meeting: Meeting, values: dict[str, Any]) -> Added:
    """Add a card with what was said. The transaction that saves it checks the consent."""
    speaker, question = values.pop("speaker", None), values.pop("question", None)
    with write() as session:
        require(may_observe(user, meeting))
        lock_meeting(session, meeting.id)  # no consent is taken back between the check and the card
        if speaker is not None and not may_be_quoted(session.get(Speaker, (meeting.id, speaker))):
            raise Forbidden(
                _("Participant %(number)s has not said yes, so nothing is written of them.", number=speaker)
            )
        if question is not None:
            _require_stage(session, meeting, question)
        card = new_card(
            meeting.id, values, user_id=user.id, channel="interview", speaker=speaker, answers=question
        )
        outcome = save(session, meeting.id, [card])[0]
        if isinstance(outcome, DialogError):
            raise outcome
    return outcome


def mark_follow_up(user: User, meeting: Meeting, stage_id: int, key: str, *, asked: bool) -> None:
    """Mark a follow-up question as asked, or as not asked. Marking it twice changes nothing."""
    try:
        with write() as session:
            require(may_observe(user, meeting))
            stage = _require_stage(session, meeting, stage_id)
            if key not in {each.key for each in queries.follow_ups(stage)}:
                raise NotFound
            known = session.get(AskedQuestion, (stage_id, key))
            if asked and known is None:
                session.add(AskedQuestion(stage_id=stage_id, text_hash=key))
            elif not asked and known is not None:
                session.delete(known)
    except IntegrityError:  # another device marked it at the same moment
        return


def add_closing_check(user: User, meeting: Meeting, values: dict[str, Any]) -> ClosingCheck:
    """Add a closing check. It never changes, and reading the summary again makes another check."""
    with write() as session:
        require(may_observe(user, meeting))
        group_size = len(queries.speakers_of(meeting.id))
        answered = (values["agreed"] or 0) + (values["differed"] or 0)
        if group_size and answered > group_size:
            raise Invalid(
                {"agreed": _("That is more than there are in the group (%(number)s).", number=group_size)}
            )
        latest = session.scalar(
            select(ClosingCheck)
            .where(ClosingCheck.meeting_id == meeting.id)
            .order_by(ClosingCheck.id.desc())
            .limit(1)
        )
        if latest is not None and all(getattr(latest, name) == value for name, value in values.items()):
            return latest  # the same form was sent twice
        check = ClosingCheck(meeting_id=meeting.id, stage_id=meeting.stage_id, user_id=user.id, **values)
        session.add(check)
        _record(session, user, "interview.check", meeting)
    return check


def _require_speaker(session: Session, meeting: Meeting, number: int) -> Speaker:
    speaker = session.get(Speaker, (meeting.id, number))
    if speaker is None:
        raise NotFound
    return speaker


def _require_stage(session: Session, meeting: Meeting, stage_id: int) -> Stage:
    stage = session.get(Stage, stage_id)
    if stage is None or stage.meeting_id != meeting.id:
        raise NotFound
    return stage


def _record(session: Session, user: User, act: str, meeting: Meeting, **details: Any) -> None:
    record(session, user, act, meeting, organisation_id=meeting.dialogue.organisation_id, **details)
