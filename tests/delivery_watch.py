"""A watch over this process' transactions: whatever an action changes in a meeting must be delivered.

Actions do not deliver themselves; ``write()`` does, for the meetings that were registered with it. Here each
test that calls an action also proves that the action registered what it changed, so that an action written
tomorrow is held to it by its own tests.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from dialog.cards.models import Card
from dialog.chat.models import ChatMessage
from dialog.meetings.models import Announcement, Meeting, Stage, Table

#: The columns that viewers of a meeting see or are placed by, and how a row says which meeting it belongs to.
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
    assert not unregistered or not _is_action(), f"nobody would be told of changes in {unregistered}"


def _is_action() -> bool:
    """Is the commit that of an action? Tests change rows behind its back, and the example has no viewers."""
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
