"""Taking many notes in as one act, and taking that act back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from ... import live
from ...audit.actions import record
from ...db import db, utcnow, write
from ...errors import Conflict, DialogError, Invalid, NotFound, require
from ...meetings.models import Act, Meeting
from ...meetings.permissions import may_lead
from ...people.models import User
from .. import queries
from ..actions import lock_meeting, take_numbers
from ..adding import NewCard, save
from ..judging import Outcome
from ..models import Card
from .headings import key
from .rows import CHANNELS

#: The name of the act in the meeting's log.
TOOK_IN = "intake"


class RefusedNotes(Exception):
    """Some of the notes cannot be saved, so none was: place in the list → why."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(f"{len(reasons)} notes refused")
        self.reasons = reasons


def take_in(
    user: User, meeting: Meeting, intake: str, cards: list[NewCard], *, whole: bool, left_out: int = 0
) -> tuple[Act, list[Outcome]]:
    """Save *cards* in one transaction with the act that can be undone; returns it and what became of each.

    *intake* is the UUID of the form: sent twice, it is the same act and the same cards. With *whole*, one
    card that is refused keeps all of them back (``RefusedNotes``); else the others are saved.
    """
    meeting_id = meeting.id
    with write() as session:
        require(may_lead(user, meeting))
        lock_meeting(session, meeting_id)
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
            details = {
                "intake": intake,
                "cards": saved,
                "left_out": left_out,
                "channel": cards[0].channel if cards else CHANNELS[0],
            }
            act = Act(meeting_id=meeting_id, user_id=user.id, what=TOOK_IN, details=details)
            session.add(act)
        elif saved:
            act.details = {**act.details, "cards": [*act.details["cards"], *saved]}
        session.flush()
    live.changed(meeting_id)
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


def _act_of(session: Session, meeting_id: int, intake: str) -> Act | None:
    """The act that this very form was before. Only the latest are looked at: a form is not open for weeks."""
    latest = session.scalars(
        select(Act).where(Act.meeting_id == meeting_id, Act.what == TOOK_IN).order_by(Act.id.desc()).limit(50)
    )
    return next((act for act in latest if act.details.get("intake") == intake), None)


def intake_for(meeting: Meeting, act_id: int) -> Act:
    """The intake with this number in *meeting*; ``NotFound`` when there is none."""
    act = db.session.get(Act, act_id)
    if act is None or act.meeting_id != meeting.id or act.what != TOOK_IN:
        raise NotFound
    return act


def intakes(meeting: Meeting, most: int = 20) -> list[Act]:
    """The meeting's latest intakes that brought a card, the newest first."""
    query = select(Act).where(Act.meeting_id == meeting.id, Act.what == TOOK_IN).order_by(Act.id.desc())
    return [act for act in db.session.scalars(query.limit(most)) if act.details["cards"]]


def hide_intake(user: User, meeting: Meeting, act_id: int, reason: str) -> int:
    """Take a whole intake back: what is left of it on the wall is hidden, with *reason*. Returns how many."""

    def hide(card: Card) -> None:
        card.hidden_from, card.state, card.hidden_reason = card.state, "hidden", reason

    return _change_all(user, meeting, act_id, queries.OWN, hide, undone=True)


def restore_intake(user: User, meeting: Meeting, act_id: int) -> int:
    """Show again what ``hide_intake`` hid. Returns how many."""

    def show(card: Card) -> None:
        card.state = card.hidden_from or "shown"
        card.hidden_from, card.hidden_reason = None, ""

    return _change_all(user, meeting, act_id, frozenset(("hidden",)), show, undone=False)


def _change_all(
    user: User,
    meeting: Meeting,
    act_id: int,
    states: frozenset[str],
    apply: Callable[[Card], None],
    *,
    undone: bool,
) -> int:
    meeting_id = meeting.id
    with write() as session:
        require(may_lead(user, meeting))
        lock_meeting(session, meeting_id)
        act = intake_for(meeting, act_id)
        if (act.undone_at is not None) is undone:
            return 0  # pressed twice
        # What a moderator had hidden one by one before stays hidden.
        ids = act.details["cards"] if undone else act.details.get("hidden", [])
        query = select(Card).where(Card.meeting_id == meeting_id, Card.id.in_(ids), Card.state.in_(states))
        cards = list(session.scalars(query.order_by(Card.seq)))
        number = take_numbers(session, meeting_id, len(cards)) if cards else 0
        now = utcnow()
        for place, card in enumerate(cards):
            apply(card)
            card.seq, card.changed_at = number + place, now
        act.undone_at, act.undone_by = (now, user.id) if undone else (None, None)
        act.details = {**act.details, "hidden": [card.id for card in cards] if undone else []}
        record(
            session,
            user,
            "intake.hide" if undone else "intake.restore",
            meeting,
            organisation_id=meeting.dialogue.organisation_id,
            cards=len(cards),
        )
    live.changed(meeting_id)
    return len(cards)


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
