"""Save many notes as cards in one act, and hide or restore all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..cards.create_actions import NewCard, save
from ..cards.models import Card
from ..cards.queries import OWN_STATES, card_rows
from ..cards.validation import Outcome
from ..db import utcnow, write
from ..errors import Conflict, DialogError, Invalid
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Activity, Meeting
from ..meetings.numbering_actions import renumber
from ..people.models import User
from .queries import INTAKE_ACTIVITY, get_intake


class NotesRefused(Exception):
    """Raised when some notes cannot be saved, so none was: position in the list → reason."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(f"{len(reasons)} notes refused")
        self.reasons = reasons


def create_intake(
    user: User, meeting: Meeting, intake: str, cards: list[NewCard], *, whole: bool, left_out: int = 0
) -> tuple[Activity, list[Outcome]]:
    """Save *cards* in one transaction with an activity that can be undone; return it and each card's outcome.

    *intake* is the UUID of the form: a form that is sent twice gives the same activity and the same cards.
    With *whole*, one refused card keeps all of them from being saved and raises ``NotesRefused``; otherwise
    the others are saved.
    """
    meeting_id = meeting.id
    with write() as session:
        lock_meeting_for(session, user, meeting)
        outcomes = save(session, meeting_id, cards) if cards else []
        refused = {
            place: refusal_text(outcome)
            for place, outcome in enumerate(outcomes)
            if isinstance(outcome, DialogError)
        }
        if refused and whole:
            raise NotesRefused(refused)
        saved = [
            outcome.id for outcome in outcomes if not isinstance(outcome, DialogError) and not outcome.repeat
        ]
        act = _find_intake(session, meeting_id, intake)
        if act is None:
            act = record_activity(
                session, user, meeting, INTAKE_ACTIVITY, intake=intake, cards=saved, left_out=left_out
            )
        elif saved:
            act.details = {**act.details, "cards": [*act.details["cards"], *saved]}
        session.flush()
    return act, outcomes


def refusal_text(error: DialogError) -> str:
    """Return why a note was not saved, and what to do."""
    if isinstance(error, Conflict):
        return _(
            "This note has been saved already, with another text. Change it on the wall, or leave it out."
        )
    if isinstance(error, Invalid) and error.fields:
        return " ".join(error.fields.values())
    return error.message


def _find_intake(session: Session, meeting_id: int, intake: str) -> Activity | None:
    """Return the activity of this form if it was sent before.

    Only the latest 50 are searched, because a form is not open for weeks.
    """
    latest = session.scalars(
        select(Activity)
        .where(Activity.meeting_id == meeting_id, Activity.what == INTAKE_ACTIVITY)
        .order_by(Activity.id.desc())
        .limit(50)
    )
    return next((act for act in latest if act.details.get("intake") == intake), None)


def hide_intake(user: User, meeting: Meeting, act_id: int, reason: str) -> int:
    """Hide what is left of an intake on the wall, with *reason*, and return how many cards it was."""
    return _set_undone(
        user, meeting, act_id, lambda session, act: hide_intake_cards(session, act, reason), undone=True
    )


def restore_intake(user: User, meeting: Meeting, act_id: int) -> int:
    """Show again the cards that ``hide_intake`` hid, and return how many they were."""
    return _set_undone(user, meeting, act_id, _show_intake_cards, undone=False)


def hide_intake_cards(session: Session, act: Activity, reason: str) -> int:
    """Hide what is left of an intake on the wall inside the caller's transaction, and return how many."""

    hidden = _change_cards(
        session,
        act,
        act.details["cards"],
        OWN_STATES,
        hidden_from=Card.state,
        state="hidden",
        hidden_reason=reason,
    )
    # Cards that a moderator had hidden one by one before stay hidden when these are shown again.
    act.details = {**act.details, "hidden": hidden}
    return len(hidden)


def _show_intake_cards(session: Session, act: Activity) -> int:
    shown = _change_cards(
        session,
        act,
        act.details.get("hidden", []),
        frozenset(("hidden",)),
        state=func.coalesce(Card.hidden_from, "shown"),
        hidden_from=None,
        hidden_reason="",
    )
    act.details = {**act.details, "hidden": []}
    return len(shown)


def _set_undone(
    user: User, meeting: Meeting, act_id: int, change: Callable[[Session, Activity], int], *, undone: bool
) -> int:
    """Undo an intake, or undo the undoing. Two presses act once."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        act = get_intake(meeting, act_id)
        if (act.undone_at is not None) is undone:
            return 0
        count = change(session, act)
        act.undone_at, act.undone_by = (utcnow(), user.id) if undone else (None, None)
        meeting.act_seq = Meeting.act_seq + 1
        record(
            session,
            user,
            "intake.hide" if undone else "intake.restore",
            meeting,
            organisation_id=meeting.dialogue.organisation_id,
            cards=count,
        )
    return count


def _change_cards(
    session: Session, act: Activity, ids: list[int], states: frozenset[str], **values: Any
) -> list[int]:
    """Write *values* to the cards that are in one of *states*, with new numbers, and return their ids."""
    chosen = (Card.id.in_(ids), Card.state.in_(states))
    query = select(Card.id).where(Card.meeting_id == act.meeting_id, *chosen).order_by(Card.seq)
    changed = list(session.scalars(query))
    renumber(session, card_rows, act.meeting_id, *chosen, changed_at=utcnow(), **values)
    return changed
