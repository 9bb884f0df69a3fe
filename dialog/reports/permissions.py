"""Permissions of reports: functions of person, dialogue and the version's state."""

from __future__ import annotations

from ..dialogues.models import Dialogue
from ..people.models import User
from ..people.permissions import has_role, is_administrator, is_assigned, may_work_in
from .models import Report

#: The states that anybody may know of: a withdrawn version still says that it was withdrawn, and why.
PUBLIC_STATES = ("published", "withdrawn")


def may_see_drafts(user: User | None, dialogue: Dialogue) -> bool:
    """Return whether *user* may see the report as it grows, and versions that are not published."""
    return may_work_in(user, dialogue.organisation_id, dialogue.id)


def may_freeze(user: User | None, dialogue: Dialogue) -> bool:
    """Return whether *user* may make a version of the report as it stands."""
    return may_see_drafts(user, dialogue)


def may_review(user: User | None, report: Report) -> bool:
    """Return whether *user* may mark a draft as reviewed."""
    return report.state == "draft" and may_see_drafts(user, report.dialogue)


def is_responsible_for(user: User | None, dialogue: Dialogue) -> bool:
    """Return whether *user* speaks for the municipality: an administrator or the dialogue's official."""
    organisation = dialogue.organisation_id
    return is_administrator(user, organisation) or (
        has_role(user, organisation, "official") and is_assigned(user, dialogue.id, "official")
    )


def may_publish(user: User | None, report: Report) -> bool:
    """Return whether *user* may make a reviewed version public."""
    return report.state == "reviewed" and is_responsible_for(user, report.dialogue)


def may_withdraw(user: User | None, report: Report) -> bool:
    """Return whether *user* may take a published version back."""
    return report.state == "published" and is_responsible_for(user, report.dialogue)


def may_read(user: User | None, report: Report) -> bool:
    """Return whether *user* may know that the version exists."""
    return report.state in PUBLIC_STATES or may_see_drafts(user, report.dialogue)


def may_read_content(user: User | None, report: Report) -> bool:
    """Return whether *user* may read what the version says.

    A withdrawn version is only read by those who work with the dialogue.
    """
    return report.state == "published" or may_see_drafts(user, report.dialogue)
