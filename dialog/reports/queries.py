"""Queries that find reports through the user: a report that the user may not know of is not found."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload

from ..db import db
from ..dialogues.models import Dialogue
from ..errors import NotFound
from ..people.models import User
from .facts_queries import load_dialogue
from .models import Report, ReportFile
from .permissions import may_read, may_see_drafts


def dialogue_for(user: User | None, dialogue_id: int) -> Dialogue:
    """Return the dialogue if *user* works with it; raise ``NotFound`` for everybody else."""
    dialogue = load_dialogue(dialogue_id)
    if dialogue is None or not may_see_drafts(user, dialogue):
        raise NotFound
    return dialogue


def _reports(*, content: bool) -> Select[Report]:
    dialogue = joinedload(Report.dialogue)
    query = select(Report).options(
        dialogue.joinedload(Dialogue.organisation), dialogue.joinedload(Dialogue.body)
    )
    return query if content else query.options(defer(Report.snapshot))


def report_for(user: User | None, report_id: int, *, content: bool = True) -> Report:
    """Return a version that *user* may know of; everybody may know of a published one."""
    report = db.session.scalar(_reports(content=content).where(Report.id == report_id))
    if report is None or not may_read(user, report):
        raise NotFound
    return report


def has_content(report_id: int) -> bool:
    """Return whether the version's snapshot is there, without reading it; retention may have cleared it."""
    query = select(Report.id).where(Report.id == report_id, Report.snapshot.is_not(None))
    return db.session.scalar(query) is not None


def versions_of(dialogue_id: int) -> list[Report]:
    """Return every version of the dialogue's report, newest first, without content."""
    query = _reports(content=False).where(Report.dialogue_id == dialogue_id)
    return list(db.session.scalars(query.order_by(Report.number.desc())))


def newest_published(dialogue_id: int) -> Report | None:
    """Return the newest published version of the dialogue's report, without content."""
    query = _reports(content=False).where(Report.dialogue_id == dialogue_id, Report.state == "published")
    return db.session.scalar(query.order_by(Report.number.desc()).limit(1))


def published_reports() -> list[Report]:
    """Return the newest published version of every dialogue, latest first, without content."""
    newest = (
        select(func.max(Report.number))
        .where(Report.state == "published", Report.dialogue_id == Dialogue.id)
        .correlate(Dialogue)
        .scalar_subquery()
    )
    query = (
        _reports(content=False)
        .join(Dialogue, Dialogue.id == Report.dialogue_id)
        .where(Report.state == "published", Report.number == newest)
        .order_by(Report.published_at.desc(), Report.id.desc())
    )
    return list(db.session.scalars(query))


def next_number(dialogue_id: int) -> int:
    """Return the number of the dialogue's next version."""
    return 1 + (
        db.session.scalar(select(func.max(Report.number)).where(Report.dialogue_id == dialogue_id)) or 0
    )


def file_of(report_id: int, code: str) -> ReportFile | None:
    """Return the rendered file; None while the worker has not made it."""
    return db.session.scalar(
        select(ReportFile).where(ReportFile.report_id == report_id, ReportFile.format == code)
    )


def files_ready(report_id: int) -> dict[str, int]:
    """Return the size in bytes of each file that is made, by format."""
    query = select(ReportFile.format, func.length(ReportFile.content)).where(
        ReportFile.report_id == report_id
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
