"""Undo what a moderator did: the latest act, or any whose subject nobody has changed since."""

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
from ..intake.actions import hide_intake_cards
from ..meetings import announcement_actions, timer_actions
from ..meetings.actions import reopen_meeting
from ..meetings.activity_actions import lock_meeting_for
from ..meetings.models import Activity, Announcement, Meeting, Participant
from ..meetings.numbering_actions import take_numbers
from ..people.models import User
from . import stage_actions
from .activity_labels import describe_act
from .reveal_actions import hold_cards_again

#: How long a closed meeting can be opened again.
REOPEN_WITHIN = timedelta(hours=24)


def undo(user: User, meeting: Meeting, act_id: int | None = None) -> Activity | None:
    """Undo an act, or the latest that is not undone, and return it. Undoing it twice changes nothing.

    Raises ``Conflict`` with the reason if a later act concerns the same thing or the thing has changed.
    """
    with write() as session:
        lock_meeting_for(session, user, meeting)
        act = _find(session, meeting, act_id)
        if act is None or act.undone_at is not None:
            return act
        if not can_be_undone(act):
            raise Conflict(message=_("This cannot be undone here: it was somebody else's decision."))
        _check_untouched(session, meeting, act)
        _UNDO_ACT[act.what](session, meeting, act)
        session.flush()
        act.undone_at, act.undone_by = utcnow(), user.id
        meeting.act_seq = Meeting.act_seq + 1
        record(
            session, user, "act.undo", meeting, organisation_id=meeting.dialogue.organisation_id, act=act.id
        )
    return act


def can_be_undone(act: Activity) -> bool:
    """Can *act* be undone at all? A participant's decision, such as withdrawing consent, cannot."""
    return act.what in _UNDO_ACT


def _find(session: Session, meeting: Meeting, act_id: int | None) -> Activity | None:
    if act_id is None:
        return session.scalar(
            select(Activity)
            .where(
                Activity.meeting_id == meeting.id, Activity.undone_at.is_(None), Activity.what.in_(_UNDO_ACT)
            )
            .order_by(Activity.id.desc())
            .limit(1)
        )
    act = session.get(Activity, act_id)
    if act is None or act.meeting_id != meeting.id:
        raise NotFound
    return act


def _changed_things(act: Activity) -> set[str]:
    """Return names of what an act changed; two acts on the same thing share a name."""
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
    things = _changed_things(act)
    later = select(Activity).where(
        Activity.meeting_id == meeting.id, Activity.id > act.id, Activity.undone_at.is_(None)
    )
    for other in session.scalars(later.order_by(Activity.id.desc())):
        if things & _changed_things(other):
            raise Conflict(
                message=_(
                    "Something was done to the same thing afterwards: «%(act)s». Undo that first.",
                    act=describe_act(other, meeting),
                )
            )


def _conflict() -> Conflict:
    return Conflict(message=_("This has changed since, so it can no longer be undone."))


def _undo_stage(session: Session, meeting: Meeting, act: Activity) -> None:
    before = act.details["before"]
    if meeting.state != "open" or meeting.stage_id != act.details["stage"]:
        raise _conflict()
    if before["stage"] is not None and before["stage"] not in {stage.id for stage in meeting.stages}:
        raise Conflict(message=_("The stage that came before is no longer there."))
    stage_actions.apply_stage(session, meeting, before["stage"])
    timer_actions.restore_timer(meeting, before["timer"])
    _restore_grace(meeting, before)


def _undo_timer(session: Session, meeting: Meeting, act: Activity) -> None:
    if timer_actions.timer_state(meeting) != act.details["after"]:
        raise _conflict()
    timer_actions.restore_timer(meeting, act.details["before"])


def _undo_lock(session: Session, meeting: Meeting, act: Activity) -> None:
    was = act.what == "lock.off"
    if meeting.state != "open" or meeting.locked == was:
        raise _conflict()
    meeting.locked = was
    _restore_grace(meeting, act.details["before"])


def _restore_grace(meeting: Meeting, before: dict[str, float | int | None]) -> None:
    until = before["grace_until"]
    meeting.grace_until = datetime.fromtimestamp(until, UTC) if until is not None else None
    meeting.grace_stage_id = int(stage) if (stage := before["grace_stage"]) is not None else None


def _undo_display(session: Session, meeting: Meeting, act: Activity) -> None:
    if meeting.display != act.details["after"]:
        raise _conflict()
    meeting.display = act.details["before"]


def _undo_announcement(session: Session, meeting: Meeting, act: Activity) -> None:
    announcement = announcement_actions.get_announcement(session, meeting, act.details["message"])
    if announcement.ended_at is not None:
        raise _conflict()
    before = session.get(Announcement, act.details["before"]) if act.details["before"] else None
    announcement_actions.replace_announcement(meeting, announcement, before)


def _undo_announcement_end(session: Session, meeting: Meeting, act: Activity) -> None:
    ended = announcement_actions.get_announcement(session, meeting, act.details["message"])
    shown = announcement_actions.current_announcement(session, meeting.id, ended.table_id)
    if ended.ended_at is None or shown is not None:
        raise _conflict()
    announcement_actions.replace_announcement(meeting, None, ended)


def _undo_reveal(session: Session, meeting: Meeting, act: Activity) -> None:
    if not hold_cards_again(session, meeting, act.details["cards"]):
        raise _conflict()


def _undo_intake(session: Session, meeting: Meeting, act: Activity) -> None:
    if not hide_intake_cards(session, act, _("Taken back by the process leader")):
        raise _conflict()


def _undo_place(session: Session, meeting: Meeting, act: Activity) -> None:
    tables = {table.id for table in meeting.tables}
    back = 0
    for number, before, after in act.details["moved"]:
        device = session.get(Participant, number)
        if device is not None and device.table_id == after and (before is None or before in tables):
            device.table_id = before
            back += 1
    if not back:
        raise _conflict()
    meeting.place_seq = Meeting.place_seq + 1


def _undo_remove(session: Session, meeting: Meeting, act: Activity) -> None:
    device = session.get(Participant, act.details["participant"])
    if device is None or device.removed_at is None:
        raise _conflict()
    device.removed_at = None


def _undo_card(session: Session, meeting: Meeting, act: Activity) -> None:
    card = session.get(Card, act.details["card"])
    if card is None or restorable_state(card) != act.details["after"]:
        raise _conflict()
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


def _undo_close(session: Session, meeting: Meeting, act: Activity) -> None:
    if meeting.state != "closed" or meeting.closed_at is None or utcnow() - meeting.closed_at > REOPEN_WITHIN:
        raise _conflict()
    if act.details["before"]["state"] != "open":
        raise Conflict(message=_("The meeting was never open. Plan a new one instead."))
    reopen_meeting(session, meeting)
    timer_actions.restore_timer(meeting, act.details["before"]["timer"])
    if meeting.stage is not None and meeting.stage.may_vote:
        session.flush()
        hide_totals(session, meeting.id)


_UNDO_ACT: dict[str, Callable[[Session, Meeting, Activity], None]] = {
    "meeting.stage": _undo_stage,
    "meeting.close": _undo_close,
    **{f"timer.{way}": _undo_timer for way in timer_actions.TIMER_CHANGES},
    "lock.on": _undo_lock,
    "lock.off": _undo_lock,
    "display.show": _undo_display,
    "message.say": _undo_announcement,
    "message.end": _undo_announcement_end,
    "cards.reveal": _undo_reveal,
    "cards.intake": _undo_intake,
    "place.device": _undo_place,
    "place.even": _undo_place,
    "place.mix": _undo_place,
    "participant.remove": _undo_remove,
    "card.hide": _undo_card,
    "card.restore": _undo_card,
    "card.approve": _undo_card,
    "card.move": _undo_card,
}
