"""Write minutes, send them, answer corrections and make them final: one audited transaction each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..db import utcnow, write
from ..documents.translation import Translator
from ..errors import Conflict, Invalid, require
from ..meetings import tokens
from ..meetings.local_time import instant, local
from ..meetings.models import Meeting
from ..meetings.queries import meeting_by_id
from ..people.models import User
from ..work import jobs as work
from . import queries
from .body import Body
from .facts import Facts
from .facts_queries import gather_facts
from .files import FILE_JOBS
from .forms import SubmittedDraft
from .merge import MergeResult, merge_bodies
from .models import Minutes, MinutesFile
from .permissions import may_write
from .prefill_queries import prefill_body

#: Locks the row of the minutes alone: its meeting is read beside it by an outer join, which cannot be locked.
_THIS_ROW = {"of": Minutes}


def begin_draft(user: User, meeting: Meeting) -> Minutes:
    """Return the draft to write on.

    A new one begins with the version that was sent last; the first one begins with extracts from the meeting.
    """
    try:
        with write() as session:
            require(may_write(user, meeting))
            if meeting.state == "planned":
                raise Conflict(message=_("The meeting has not begun, so there is nothing to write down yet."))
            draft = queries.draft_of(meeting.id)
            if draft is not None:
                return draft
            versions = queries.versions_of(meeting.id)
            before = queries.current_version(versions)
            if before is not None:
                body = queries.read_content(before)[1]
            else:
                facts = gather_facts(meeting)
                body = prefill_body(meeting, Translator(facts.language, facts.timezone))
            draft = Minutes(
                meeting_id=meeting.id,
                number=(versions[0].number if versions else 0) + 1,
                body={"text": body.to_json()},
                created_by=user.id,
            )
            session.add(draft)
            _record(session, user, "minutes.begin", draft, number=draft.number)
    except IntegrityError:  # somebody else began at the same moment, and their draft is the one
        found = queries.draft_of(meeting.id)
        if found is None:
            raise Conflict from None
        return found
    return draft


def save_draft(
    user: User, minutes_id: int, written: SubmittedDraft, *, keep_both: bool
) -> tuple[Minutes, MergeResult]:
    """Save the draft *written*, merged with what somebody else has saved meanwhile.

    With *keep_both*, a part that both have changed holds both texts. Without it, raise ``Conflict`` for such
    a part and save nothing.
    """
    written.check()
    with write() as session:
        minutes = queries.minutes_for(user, minutes_id)
        require(may_write(user, minutes.meeting))
        session.refresh(minutes, with_for_update=_THIS_ROW)
        if minutes.state != "draft":
            raise Conflict(message=_("These minutes have been sent. Make a new version to change them."))
        theirs = Body.from_json(minutes.body.get("text", {}))
        merged = merge_bodies(written.base, written.body, theirs)
        if merged.conflicts and not keep_both:
            raise Conflict
        if merged.body != theirs:
            minutes.body = {**minutes.body, "text": merged.body.to_json()}
            minutes.revision += 1
            # A draft is saved every few seconds, so the log notes only who began it and who sent it.
    return minutes, merged


def send_draft(user: User, minutes_id: int, days: int, *, now: datetime | None = None) -> tuple[Minutes, str]:
    """Freeze a draft and open it for corrections for *days*.

    Return the version and the token of its address. The token is empty when an earlier address goes on
    working.
    """
    now = now or utcnow()
    with write() as session:
        minutes = queries.minutes_for(user, minutes_id)
        require(may_write(user, minutes.meeting))
        session.refresh(minutes, with_for_update=_THIS_ROW)
        if minutes.state != "draft":
            raise Conflict(message=_("These minutes have already been sent."))
        body = Body.from_json(minutes.body.get("text", {}))
        if not (body.points or body.summary or body.agreed):
            raise Invalid({"days": _("There is nothing written yet.")})
        facts: Facts = gather_facts(minutes.meeting, minutes.created_by)
        minutes.body = {"facts": facts.to_json(), "text": body.to_json()}
        minutes.state, minutes.sent_at = "sent", now
        # Corrections are taken to the end of the last day, which is how people read a date.
        last = local(now).date() + timedelta(days=days)
        minutes.corrections_until = instant(last, time(23, 59))
        token = ""
        if not queries.is_linked(minutes.meeting_id):
            token = tokens.new_token()
            minutes.link_hash = tokens.token_hash(token)
        _record(session, user, "minutes.send", minutes, number=minutes.number, days=days)
        jobs = FILE_JOBS.enqueue_all_in(session, minutes)
    work.wake_worker(*jobs)
    return minutes, token


def renew_link(user: User, meeting: Meeting) -> str:
    """Return the token of a new address for the minutes, and end the address before it."""
    token = tokens.new_token()
    with write() as session:
        require(may_write(user, meeting))
        minutes = queries.current_version(queries.versions_of(meeting.id))
        if minutes is None:
            raise Conflict(message=_("Nothing has been sent yet."))
        _clear_link(session, meeting.id)
        minutes.link_hash = tokens.token_hash(token)
        _record(session, user, "minutes.link", minutes)
    return token


def revoke_link(user: User, meeting: Meeting) -> None:
    """End the address. Participants still find the minutes on their own page."""
    with write() as session:
        require(may_write(user, meeting))
        _clear_link(session, meeting.id)
        record(session, user, "minutes.unlink", meeting, organisation_id=meeting.dialogue.organisation_id)


def _clear_link(session: Session, meeting_id: int) -> None:
    session.execute(update(Minutes).where(Minutes.meeting_id == meeting_id).values(link_hash=None))
    session.expire_all()


def answer_correction(user: User, correction_id: int, state: str, reply: str) -> None:
    """Answer a correction with *state* and words. It can be answered anew until the minutes are final."""
    with write() as session:
        correction = queries.correction_for(user, correction_id)
        meeting = correction.minutes.meeting
        require(may_write(user, meeting))
        _require_not_final(meeting.id)
        correction.state, correction.answer, correction.answered_by = state, reply, user.id
        record(
            session,
            user,
            f"correction.{state}",
            correction,
            organisation_id=meeting.dialogue.organisation_id,
        )


def finish_minutes(user: User, minutes_id: int, *, now: datetime | None = None) -> Minutes:
    """Make the newest version final (fastställd).

    Raise ``Conflict`` while its days for corrections last or a correction is unanswered.
    """
    now = now or utcnow()
    with write() as session:
        minutes = queries.minutes_for(user, minutes_id)
        require(may_write(user, minutes.meeting))
        session.refresh(minutes, with_for_update=_THIS_ROW)
        if minutes.state == "final":
            return minutes
        reason = obstacle_to_final(minutes, now)
        if reason:
            raise Conflict(message=reason)
        minutes.state, minutes.final_at = "final", now
        # The files say in which state the minutes are, so they are made anew.
        session.execute(delete(MinutesFile).where(MinutesFile.minutes_id == minutes.id))
        _record(session, user, "minutes.finish", minutes, number=minutes.number)
        jobs = FILE_JOBS.enqueue_all_in(session, minutes)
    work.wake_worker(*jobs)
    return minutes


def obstacle_to_final(minutes: Minutes, now: datetime | None = None) -> str:
    """Return what must happen before *minutes* can be final, as a sentence; empty when nothing must."""
    if queries.current_version(queries.versions_of(minutes.meeting_id)) != minutes:
        return _("Only the newest version that was sent can be made final.")
    if queries.draft_of(minutes.meeting_id) is not None:
        return _("A new version is being written. Send it first.")
    if minutes.corrections_until is not None and (now or utcnow()) <= minutes.corrections_until:
        return _("The days for corrections are not over yet.")
    waiting = queries.count_unanswered(minutes.meeting_id)
    if waiting:
        return ngettext(
            "%(num)s correction waits for an answer.", "%(num)s corrections wait for an answer.", waiting
        )
    return ""


def withdraw_version(user: User, minutes_id: int, reason: str, *, now: datetime | None = None) -> Minutes:
    """Withdraw a version. Its address shows *reason* from then on, and nothing is deleted."""
    with write() as session:
        minutes = queries.minutes_for(user, minutes_id)
        require(may_write(user, minutes.meeting))
        if minutes.state == "draft" or minutes.withdrawn_at is not None:
            raise Conflict(message=_("There is nothing to withdraw."))
        minutes.withdrawn_at, minutes.withdrawn_reason = now or utcnow(), reason
        _record(session, user, "minutes.withdraw", minutes, number=minutes.number)
    return minutes


def _require_not_final(meeting_id: int) -> None:
    """Raise ``Conflict`` when the minutes of the meeting are final."""
    current = queries.current_version(queries.versions_of(meeting_id))
    if current is not None and current.state == "final":
        raise Conflict(message=_("The minutes are final."))


def _record(session: Session, user: User, act: str, minutes: Minutes, **details: Any) -> None:
    session.flush()
    organisation = meeting_by_id(minutes.meeting_id).dialogue.organisation_id
    record(session, user, act, minutes, organisation_id=organisation, **details)
