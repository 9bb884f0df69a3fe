"""Freeze, review, publish and withdraw a report. Each action is one transaction with an audit entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..audit.actions import record
from ..db import utcnow, write
from ..errors import Conflict, Invalid, require
from ..people.models import User
from ..work import jobs as work
from . import queries
from .facts_queries import gather_snapshot
from .files import FILE_JOBS
from .models import Report
from .permissions import may_freeze, may_publish, may_review, may_withdraw
from .snapshot import Snapshot, checksum


def freeze(user: User, dialogue_id: int, *, now: datetime | None = None) -> Report:
    """Make a draft of the report as it stands, and return it. Its content never changes afterwards.

    The dialogue is read before the write lock is taken, so that a large report delays nobody's card.
    """
    dialogue = queries.dialogue_for(user, dialogue_id)
    require(may_freeze(user, dialogue))
    snapshot = gather_snapshot(dialogue, number=queries.next_number(dialogue_id), now=now)
    outcome = _insert_draft(user, dialogue_id, snapshot, now or utcnow())
    while isinstance(outcome, int):  # Another version was frozen meanwhile.
        snapshot = replace(snapshot, number=outcome)
        outcome = _insert_draft(user, dialogue_id, snapshot, now or utcnow())
    return outcome


def _insert_draft(user: User, dialogue_id: int, snapshot: Snapshot, now: datetime) -> Report | int:
    """Insert a draft and return it; return the next free number when another version has taken this one."""
    text = snapshot.to_json()
    sha256 = checksum(text)
    try:
        with write() as session:
            dialogue = queries.dialogue_for(user, dialogue_id)
            require(may_freeze(user, dialogue))
            number = queries.next_number(dialogue_id)
            if number != snapshot.number:
                return number
            report = Report(
                dialogue_id=dialogue_id,
                number=snapshot.number,
                snapshot=text,
                sha256=sha256,
                created_by=user.id,
                created_at=now,
            )
            session.add(report)
            record(
                session,
                user,
                "report.freeze",
                report,
                organisation_id=dialogue.organisation_id,
                number=snapshot.number,
            )
    except IntegrityError:
        raise Conflict from None
    return report


def mark_reviewed(user: User, report_id: int) -> Report:
    """Mark a draft as reviewed."""
    with write() as session:
        report = queries.report_for(user, report_id, content=False)
        require(may_review(user, report))
        report.state, report.reviewed_by = "reviewed", user.id
        record(session, user, "report.review", report, organisation_id=report.dialogue.organisation_id)
    return report


def publish(user: User, report_id: int, *, now: datetime | None = None) -> Report:
    """Make a reviewed version public, and order its files from the worker."""
    with write() as session:
        report = queries.report_for(user, report_id, content=False)
        require(may_publish(user, report))
        report.state, report.published_by = "published", user.id
        report.published_at = now or utcnow()
        record(session, user, "report.publish", report, organisation_id=report.dialogue.organisation_id)
        jobs = FILE_JOBS.enqueue_all_in(session, report)
    work.wake_worker(*jobs)
    return report


def withdraw(user: User, report_id: int, reason: str, *, now: datetime | None = None) -> Report:
    """Take a published version back; its address shows *reason* from now on."""
    reason = reason.strip()
    with write() as session:
        report = queries.report_for(user, report_id, content=False)
        require(may_withdraw(user, report))
        if not reason:
            raise Invalid({"reason": _("Say why it is withdrawn; the reason is shown at the address.")})
        report.state, report.withdrawn_reason = "withdrawn", reason
        report.withdrawn_at = now or utcnow()
        record(session, user, "report.withdraw", report, organisation_id=report.dialogue.organisation_id)
    return report
