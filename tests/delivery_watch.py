"""Check in every test that a meeting which an action changes is delivered to its viewers.

``write()`` delivers the meetings that the action registered. With this watch, each test that calls an action
also proves that the action registered the meetings it changed; new actions are covered by their own tests.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from dialog.cards.models import Card
from dialog.chat.models import ChatMessage
from dialog.meetings.models import Announcement, Meeting, Stage, Table

#: The columns that viewers of a meeting see, or that decide their seats.
SEEN = {
    Meeting: {
        *("state", "stage_id", "locked", "display", "announcement_id", "seq", "chat_seq", "act_seq"),
        *("stage_began_at", "stage_ends_at", "stage_left", "place_seq"),
    },
    Stage: {"name", "prompt", "minutes", "may_write", "may_see", "may_vote", "may_move", "may_chat", "holds"},
    Table: {"name"},
    Announcement: {"ended_at"},
    Card: {"seq"},
    ChatMessage: {"seq"},
}
CHANGED = "test_seen_changes"


def _note_changes(session: Session, _context: Any) -> None:
    for row in session.dirty:
        state = inspect(row)
        if any(state.attrs[name].history.has_changes() for name in SEEN.get(type(row), ())):
            meeting_id = row.id if isinstance(row, Meeting) else row.meeting_id
            session.info.setdefault(CHANGED, set()).add(meeting_id)


def _check_registered(session: Session) -> None:
    session.flush()
    unregistered = session.info.pop(CHANGED, set()) - session.info.get("changed_meetings", set())
    assert not unregistered or not _is_action(), f"no viewer would be notified of changes in {unregistered}"


def _is_action() -> bool:
    """Return whether an action commits. Tests deliver nothing, and the example has no viewers."""
    frame: Any = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__") != "contextlib":
        frame = frame.f_back
    while frame is not None and frame.f_globals.get("__name__") == "contextlib":
        frame = frame.f_back
    module = frame.f_globals.get("__name__", "") if frame is not None else ""
    return module.startswith("dialog.") and not module.startswith("dialog.example")


def start_watching() -> None:
    event.listen(Session, "after_flush", _note_changes)
    event.listen(Session, "before_commit", _check_registered)
    event.listen(Session, "after_rollback", lambda session: session.info.pop(CHANGED, None))
