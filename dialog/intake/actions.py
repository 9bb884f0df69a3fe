"""Taking many notes in as one act, and taking that act back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit.actions import record
from ..cards import queries
from ..cards.create_actions import NewCard, save
from ..cards.models import Card
from ..cards.validation import Outcome
from ..db import db, utcnow, write
from ..errors import Conflict, DialogError, Invalid, NotFound
from ..meetings.activity_actions import lock_meeting_for, record_activity
from ..meetings.models import Activity, Meeting
from ..meetings.numbering_actions import take_numbers
from ..people.models import User
from .column_names import key
from .preview_rows import CHANNELS

#: The name of the act in the meeting's log.
TOOK_IN = "cards.intake"


class RefusedNotes(Exception):
    """Some of the notes cannot be saved, so none was: place in the list → why."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(f"{len(reasons)} notes refused")
        self.reasons = reasons


def take_in(
    user: User, meeting: Meeting, intake: str, cards: list[NewCard], *, whole: bool, left_out: int = 0
) -> tuple[Activity, list[Outcome]]:
    """Save *cards* in one transaction with the act that can be undone; returns it and what became of each.

    *intake* is the UUID of the form: sent twice, it is the same act and the same cards. With *whole*, one
    card that is refused keeps all of them back (``RefusedNotes``); else the others are saved.
    """
    meeting_id = meeting.id
    with write() as session:
        lock_meeting_for(session, user, meeting)
        outcomes = save(session, meeting_id, cards) if cards else []
        refused = {
            place: why(outcome) for place, outcome in enumerate(outcomes) if isinstance(outcome, DialogError)
        }
        if refused and whole:
            raise RefusedNotes(refused)
        saved = [
            outcome.id for outcome in outcomes if not isinstance(outcome, DialogError) and not outcome.repeat
        ]
        act = _act_of(session, meeting_id, intake)
        if act is None:
            act = record_activity(
                session, user, meeting, TOOK_IN, intake=intake, cards=saved, left_out=left_out
            )
        elif saved:
            act.details = {**act.details, "cards": [*act.details["cards"], *saved]}
        session.flush()
    return act, outcomes


def why(error: DialogError) -> str:
    """Why a note was not saved, and what to do."""
    if isinstance(error, Conflict):
        return _(
            "This note has been saved already, with another text. Change it on the wall, or leave it out."
        )
    if isinstance(error, Invalid) and error.fields:
        return " ".join(error.fields.values())
    return error.message


def _act_of(session: Session, meeting_id: int, intake: str) -> Activity | None:
    """The act that this very form was before. Only the latest are looked at: a form is not open for weeks."""
    latest = session.scalars(
        select(Activity)
        .where(Activity.meeting_id == meeting_id, Activity.what == TOOK_IN)
        .order_by(Activity.id.desc())
        .limit(50)
    )
    return next((act for act in latest if act.details.get("intake") == intake), None)


def intake_for(meeting: Meeting, act_id: int) -> Activity:
    """The intake with this number in *meeting*; ``NotFound`` when there is none."""
    act = db.session.get(Activity, act_id)
    if act is None or act.meeting_id != meeting.id or act.what != TOOK_IN:
        raise NotFound
    return act


def intakes(meeting: Meeting, most: int = 20) -> list[Activity]:
    """The meeting's latest intakes that brought a card, the newest first."""
    query = (
        select(Activity)
        .where(Activity.meeting_id == meeting.id, Activity.what == TOOK_IN)
        .order_by(Activity.id.desc())
    )
    return [act for act in db.session.scalars(query.limit(most)) if act.details["cards"]]


def hide_intake(user: User, meeting: Meeting, act_id: int, reason: str) -> int:
    """Take a whole intake back: what is left of it on the wall is hidden, with *reason*. Returns how many."""

    return _again(user, meeting, act_id, lambda session, act: hide_all(session, act, reason), undone=True)


def restore_intake(user: User, meeting: Meeting, act_id: int) -> int:
    """Show again what ``hide_intake`` hid. Returns how many."""

    return _again(user, meeting, act_id, _show_all, undone=False)


def hide_all(session: Session, act: Activity, reason: str) -> int:
    """Hide what is left of an intake on the wall, inside the caller's transaction. Returns how many."""

    def hide(card: Card) -> None:
        card.hidden_from, card.state, card.hidden_reason = card.state, "hidden", reason

    hidden = _change_all(session, act, act.details["cards"], queries.OWN, hide)
    # What a moderator had hidden one by one before stays hidden when these are shown again.
    act.details = {**act.details, "hidden": hidden}
    return len(hidden)


def _show_all(session: Session, act: Activity) -> int:
    def show(card: Card) -> None:
        card.state = card.hidden_from or "shown"
        card.hidden_from, card.hidden_reason = None, ""

    shown = _change_all(session, act, act.details.get("hidden", []), frozenset(("hidden",)), show)
    act.details = {**act.details, "hidden": []}
    return len(shown)


def _again(
    user: User, meeting: Meeting, act_id: int, change: Callable[[Session, Activity], int], *, undone: bool
) -> int:
    """Undo an intake, or undo that. Pressed twice it is done once."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        act = intake_for(meeting, act_id)
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


def _change_all(
    session: Session, act: Activity, ids: list[int], states: frozenset[str], apply: Callable[[Card], None]
) -> list[int]:
    """Change those of the cards that are in one of *states*, each with a number of its own; their ids."""
    query = select(Card).where(Card.meeting_id == act.meeting_id, Card.id.in_(ids), Card.state.in_(states))
    cards = list(session.scalars(query.order_by(Card.seq)))
    number = take_numbers(session, act.meeting_id, len(cards)) if cards else 0
    for place, card in enumerate(cards):
        apply(card)
        card.seq, card.changed_at = number + place, utcnow()
    return [card.id for card in cards]


def said_on_wall(meeting: Meeting) -> tuple[dict[str, bool], set[str]]:
    """What the meeting's cards say, as it is compared, with whether it came from paper; and their UUIDs."""
    query = select(Card.text, Card.channel, Card.uuid).where(
        Card.meeting_id == meeting.id, Card.state.in_(queries.OWN)
    )
    said: dict[str, bool] = {}
    uuids = set()
    for text, channel, uuid in db.session.execute(query):
        compared = key(text) or text
        said[compared] = said.get(compared, False) or channel in CHANNELS
        uuids.add(uuid)
    return said, uuids


def good_uuid(text: Any) -> bool:
    """Is *text* a UUID that a form of ours could have sent?"""
    try:
        UUID(text)
    except (TypeError, ValueError):
        return False
    return True
