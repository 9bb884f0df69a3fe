"""Taking acts of leading back: the latest, or any whose thing nobody has touched since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..cards.actions import restorable_state
from ..cards.models import Card
from ..cards.moderation_actions import check_consent
from ..cards.vote_actions import hide_totals
from ..db import utcnow, write
from ..errors import Conflict, NotFound
from ..intake.actions import hide_all
from ..meetings import announcement_actions, timer_actions
from ..meetings.actions import reopen_meeting
from ..meetings.activity_actions import lock_meeting_for
from ..meetings.models import Activity, Announcement, Meeting, Participant
from ..meetings.numbering_actions import take_numbers
from ..people.models import User
from . import stage_actions
from .activity_labels import in_words
from .reveal_actions import hold_again

#: Closing can be taken back for so long; then the evening has ended.
CLOSED_FOR = timedelta(hours=24)


def undo(user: User, meeting: Meeting, act_id: int | None = None) -> Activity | None:
    """Undo an act, or the latest that stands; returns it. Undoing what is undone changes nothing.

    ``Conflict`` says why not: something was done to the same thing since, or it is no longer as it was left.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        act = _find(session, meeting, act_id)
        if act is None or act.undone_at is not None:
            return act
        if not can_be_undone(act):
            raise Conflict(message=_("This cannot be undone here: it was somebody else's decision."))
        _check_untouched(session, meeting, act)
        _WAYS[act.what](session, meeting, act)
        session.flush()
        act.undone_at, act.undone_by = utcnow(), user.id
        meeting.act_seq = Meeting.act_seq + 1
        record(
            session, user, "act.undo", meeting, organisation_id=meeting.dialogue.organisation_id, act=act.id
        )
    return act


def can_be_undone(act: Activity) -> bool:
    """Is there a way back at all? Not from what a participant decided, such as taking a consent back."""
    return act.what in _WAYS


def _find(session: Session, meeting: Meeting, act_id: int | None) -> Activity | None:
    if act_id is None:
        return session.scalar(
            select(Activity)
            .where(Activity.meeting_id == meeting.id, Activity.undone_at.is_(None), Activity.what.in_(_WAYS))
            .order_by(Activity.id.desc())
            .limit(1)
        )
    act = session.get(Activity, act_id)
    if act is None or act.meeting_id != meeting.id:
        raise NotFound
    return act


def _things(act: Activity) -> set[str]:
    """What an act changed, as names that two acts on the same thing share."""
    area, _dot, _verb = act.what.partition(".")
    details = act.details
    if area == "card":
        return {f"card {details['card']}"}
    if area == "message":
        return {f"message {details['table']}"}
    if area == "place":
        return {f"device {moved[0]}" for moved in details["moved"]}
    if area == "participant":
        return {f"device {details['participant']}"}
    return {
        "meeting.stage": {"stage", "timer", "lock"},
        "meeting.close": {"stage", "timer", "lock", "meeting"},
        "lock.on": {"lock"},
        "lock.off": {"lock"},
        "display.show": {"display"},
    }.get(act.what, {"timer"} if area == "timer" else set())


def _check_untouched(session: Session, meeting: Meeting, act: Activity) -> None:
    things = _things(act)
    later = select(Activity).where(
        Activity.meeting_id == meeting.id, Activity.id > act.id, Activity.undone_at.is_(None)
    )
    for other in session.scalars(later.order_by(Activity.id.desc())):
        if things & _things(other):
            raise Conflict(
                message=_(
                    "Something was done to the same thing afterwards: «%(act)s». Undo that first.",
                    act=in_words(other, meeting),
                )
            )


def _changed_since() -> Conflict:
    return Conflict(message=_("This has changed since, so it can no longer be undone."))


def _stage(session: Session, meeting: Meeting, act: Activity) -> None:
    before = act.details["before"]
    if meeting.state != "open" or meeting.stage_id != act.details["stage"]:
        raise _changed_since()
    if before["stage"] is not None and before["stage"] not in {stage.id for stage in meeting.stages}:
        raise Conflict(message=_("The stage that came before is no longer there."))
    stage_actions.switch(session, meeting, before["stage"])
    timer_actions.restore_timer(meeting, before["timer"])
    _put_back_grace(meeting, before)


def _timer(session: Session, meeting: Meeting, act: Activity) -> None:
    if timer_actions.timer_state(meeting) != act.details["after"]:
        raise _changed_since()
    timer_actions.restore_timer(meeting, act.details["before"])


def _lock(session: Session, meeting: Meeting, act: Activity) -> None:
    was = act.what == "lock.off"
    if meeting.state != "open" or meeting.locked == was:
        raise _changed_since()
    meeting.locked = was
    _put_back_grace(meeting, act.details["before"])


def _put_back_grace(meeting: Meeting, before: dict[str, float | int | None]) -> None:
    until = before["grace_until"]
    meeting.grace_until = datetime.fromtimestamp(until, UTC) if until is not None else None
    meeting.grace_stage_id = int(stage) if (stage := before["grace_stage"]) is not None else None


def _display(session: Session, meeting: Meeting, act: Activity) -> None:
    if meeting.display != act.details["after"]:
        raise _changed_since()
    meeting.display = act.details["before"]


def _say(session: Session, meeting: Meeting, act: Activity) -> None:
    said = announcement_actions.get_announcement(session, meeting, act.details["message"])
    if said.ended_at is not None:
        raise _changed_since()
    before = session.get(Announcement, act.details["before"]) if act.details["before"] else None
    announcement_actions.replace_announcement(meeting, said, before)


def _end_message(session: Session, meeting: Meeting, act: Activity) -> None:
    said = announcement_actions.get_announcement(session, meeting, act.details["message"])
    if (
        said.ended_at is None
        or announcement_actions.current_announcement(session, meeting.id, said.table_id) is not None
    ):
        raise _changed_since()
    announcement_actions.replace_announcement(meeting, None, said)


def _reveal(session: Session, meeting: Meeting, act: Activity) -> None:
    if not hold_again(session, meeting, act.details["cards"]):
        raise _changed_since()


def _intake(session: Session, meeting: Meeting, act: Activity) -> None:
    if not hide_all(session, act, _("Taken back by the process leader")):
        raise _changed_since()


def _place(session: Session, meeting: Meeting, act: Activity) -> None:
    tables = {table.id for table in meeting.tables}
    back = 0
    for number, before, after in act.details["moved"]:
        device = session.get(Participant, number)
        if device is not None and device.table_id == after and (before is None or before in tables):
            device.table_id = before
            back += 1
    if not back:
        raise _changed_since()
    meeting.place_seq = Meeting.place_seq + 1


def _remove(session: Session, meeting: Meeting, act: Activity) -> None:
    device = session.get(Participant, act.details["participant"])
    if device is None or device.removed_at is None:
        raise _changed_since()
    device.removed_at = None


def _card(session: Session, meeting: Meeting, act: Activity) -> None:
    card = session.get(Card, act.details["card"])
    if card is None or restorable_state(card) != act.details["after"]:
        raise _changed_since()
    before = act.details["before"]
    if before["state"] != "hidden":
        check_consent(session, card)
    if before["area"] is not None and before["area"] not in {area.id for area in meeting.areas}:
        raise Conflict(message=_("The area that the card came from is no longer part of the dialogue."))
    card.area_id, card.area_source = before["area"], before["source"]
    card.state, card.hidden_from = before["state"], before["from"]
    if card.state == "hidden":
        card.hidden_reason = _("Taken back by the process leader")
    else:
        card.hidden_reason = ""
    card.seq = take_numbers(session, meeting.id, 1)
    card.changed_at = utcnow()


def _close(session: Session, meeting: Meeting, act: Activity) -> None:
    if meeting.state != "closed" or meeting.closed_at is None or utcnow() - meeting.closed_at > CLOSED_FOR:
        raise _changed_since()
    if act.details["before"]["state"] != "open":
        raise Conflict(message=_("The meeting was never open. Plan a new one instead."))
    reopen_meeting(session, meeting)
    timer_actions.restore_timer(meeting, act.details["before"]["timer"])
    if meeting.stage is not None and meeting.stage.may_vote:
        session.flush()
        hide_totals(session, meeting.id)


_WAYS: dict[str, Callable[[Session, Meeting, Activity], None]] = {
    "meeting.stage": _stage,
    "meeting.close": _close,
    **{f"timer.{way}": _timer for way in timer_actions.TIMER_CHANGES},
    "lock.on": _lock,
    "lock.off": _lock,
    "display.show": _display,
    "message.say": _say,
    "message.end": _end_message,
    "cards.reveal": _reveal,
    "cards.intake": _intake,
    "place.device": _place,
    "place.even": _place,
    "place.mix": _place,
    "participant.remove": _remove,
    "card.hide": _card,
    "card.restore": _card,
    "card.approve": _card,
    "card.move": _card,
}
