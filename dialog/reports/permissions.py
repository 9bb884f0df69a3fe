"""Permissions of reports: functions of person, dialogue and the version's state."""

from __future__ import annotations

from ..dialogues.models import Dialogue
from ..people.models import User
from ..people.permissions import has_role, is_administrator, is_assigned, may_work_in
from .models import Report

#: The states that anybody may know of: a withdrawn version still says that it was withdrawn, and why.
PUBLIC_STATES = ("published", "withdrawn")


def may_see_drafts(user: User | None, dialogue: Dialogue) -> bool:
    """May see the report as it grows, and versions that are not published."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)


def may_freeze(user: User | None, dialogue: Dialogue) -> bool:
    """May make a version of the report as it stands."""
    return may_see_drafts(user, dialogue)


def may_review(user: User | None, report: Report) -> bool:
    """May say that a draft has been read and is right."""
    return report.state == "draft" and may_see_drafts(user, report.dialogue)


def is_responsible_for(user: User | None, dialogue: Dialogue) -> bool:
    """An official of this dialogue, or an administrator: speaks for the municipality."""
    organisation = dialogue.organisation_id
    return is_administrator(user, organisation) or (
        has_role(user, organisation, "official") and is_assigned(user, dialogue.id, "official")
    )


def may_publish(user: User | None, report: Report) -> bool:
    return report.state == "reviewed" and is_responsible_for(user, report.dialogue)


def may_withdraw(user: User | None, report: Report) -> bool:
    return report.state == "published" and is_responsible_for(user, report.dialogue)


def may_read(user: User | None, report: Report) -> bool:
    """May know of the version at all."""
    return report.state in PUBLIC_STATES or may_see_drafts(user, report.dialogue)


def may_read_content(user: User | None, report: Report) -> bool:
    """A withdrawn version's content is only for those who work with the dialogue."""
    return report.state == "published" or may_see_drafts(user, report.dialogue)
