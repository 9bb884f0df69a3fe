"""Validation of new cards: the values of a card, and the policy of its meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ..db import utcnow
from ..dialogues.models import CardKind, DialogueArea
from ..errors import Closed, DialogError, Forbidden, Invalid, Unauthorized
from ..meetings.actor import MeetingActor
from ..meetings.meeting_like import MeetingLike, StageLike
from ..meetings.models import Participant, Table
from ..meetings.numbered_rows import Added
from ..meetings.permissions import accepts_late_cards, ended_at, in_grace, is_open, may_write, takes_part
from ..people.models import User
from ..web.settings import settings_of
from .models import text_hash
from .queries import card_rows


@dataclass(frozen=True)
class NewCard:
    """A card to be added; plain values only, because another green thread may save it."""

    meeting_id: int
    uuid: str
    text: str
    participant_id: int | None = None
    user_id: int | None = None
    area: int | None = None
    kind: str | None = None
    table: int | None = None
    round: int | None = None
    stands_for: int | None = None
    #: The stage in which the writer began.
    stage: int | None = None
    #: Only for the staff: how it came in, and what is known of it.
    channel: str | None = None
    parent: int | None = None
    lang: str | None = None
    area_source: str | None = None
    created_at: datetime | None = None
    #: In a focus group: who said it, by number, and the stage whose question it answers.
    speaker: int | None = None
    answers: int | None = None


Outcome = Added | DialogError


_PEOPLE = cast(SqlTable, Participant.__table__)
#: Rows and not objects, and put together once: this runs for every burst of a full hall.
_PARTICIPANTS = select(_PEOPLE).where(_PEOPLE.c.id.in_(bindparam("ids", expanding=True)))


class CardPolicy:
    """The policy by which a meeting accepts cards, read once for a whole batch."""

    def __init__(self, session: Session, meeting: MeetingLike, batch: list[NewCard]) -> None:
        self.session, self.meeting, self.now = session, meeting, utcnow()
        self.known = card_rows.by_uuid(meeting.id, {card.uuid for card in batch})
        people = list({card.participant_id for card in batch if card.participant_id})
        found: Iterable[Any] = session.connection().execute(_PARTICIPANTS, {"ids": people}) if people else ()
        self.participants = {participant.id: participant for participant in found}
        self.late_hours = settings_of().late_hours

    # Read when the first card asks: most cards of a hall name neither kind nor table.
    @cached_property
    def areas(self) -> set[int]:
        chosen = DialogueArea.dialogue_id == self.meeting.dialogue_id
        return set(self.session.scalars(select(DialogueArea.area_id).where(chosen)))

    @cached_property
    def kinds(self) -> set[str]:
        return set(self.session.scalars(select(CardKind.code)))

    @cached_property
    def tables(self) -> set[int]:
        return set(self.session.scalars(select(Table.id).where(Table.meeting_id == self.meeting.id)))

    def repeat(self, card: NewCard) -> Added | None:
        """Return the card if it was saved before; ``Conflict`` if its UUID was used for another text."""
        known = self.known.get(card.uuid)
        if known is None:
            return None
        return card_rows.as_repeat(self._actor(card), known, card.text)

    def repeat_or_refusal(self, card: NewCard) -> Outcome:
        """Return the outcome of a repeated card, with a refusal as an outcome like the others."""
        try:
            found = self.repeat(card)
        except DialogError as error:
            return error
        assert found is not None
        return found

    def _actor(self, card: NewCard) -> MeetingActor[MeetingLike]:
        if card.participant_id is not None:
            participant = self.participants.get(card.participant_id)
            if not takes_part(participant, self.meeting.id):
                raise Unauthorized
            return MeetingActor(self.meeting, participant=participant)
        user = self.session.get(User, card.user_id)
        if user is None:
            raise Unauthorized
        return MeetingActor(self.meeting, user=user)

    def row(self, card: NewCard) -> dict[str, Any]:
        """Return the row to insert; raise the reason why the card is refused."""
        actor = self._actor(card)
        late, stage = self._late(actor, card)
        fields: dict[str, str] = {}
        if card.area is not None and card.area not in self.areas:
            fields["area"] = _("There is no such area in this dialogue.")
        if card.kind is not None and card.kind not in self.kinds:
            fields["kind"] = _("There is no such kind of card.")
        table = card.table
        if actor.participant is not None and table is None:
            table = actor.participant.table_id
        if table is not None and table not in self.tables:
            fields["table"] = _("There is no such table.")
        if fields:
            raise Invalid(fields)
        going_on = is_open(self.meeting, self.now)
        waits = actor.participant is not None and (self.meeting.approval or (late and not going_on))
        holds = stage is not None and stage.holds and going_on
        channel = actor.participant.channel if actor.participant else (card.channel or "paper")
        # Paper is typed in at any time: the question of the present stage is not the one it answers.
        asked = stage.id if stage and channel not in ("paper", "import") else None
        return {
            "meeting_id": self.meeting.id,
            "uuid": card.uuid,
            "state": "held" if holds else "pending" if waits else "shown",
            "text": card.text,
            "sent_hash": text_hash(card.text),
            "area_id": card.area,
            "area_source": card.area_source or ("author" if actor.participant else "staff"),
            "kind_code": card.kind,
            "table_id": table,
            "round": card.round if card.round is not None else (stage.round if stage else None),
            "stage_id": card.answers or asked,
            "speaker": card.speaker,
            "channel": channel,
            "parent_id": card.parent,
            "stands_for": card.stands_for or 1,
            "late": late,
            "lang": card.lang,
            "author_participant_id": card.participant_id,
            "author_user_id": card.user_id if card.participant_id is None else None,
            "created_at": card.created_at or self.now,
            "changed_at": card.created_at or self.now,
        }

    def _late(self, actor: MeetingActor[MeetingLike], card: NewCard) -> tuple[bool, StageLike | None]:
        """Return whether the card is late, and its stage; raise ``Closed`` or ``Forbidden`` to refuse it.

        For a minute after a stage has ended, cards begun in it are still accepted, by its rules.
        """
        meeting = self.meeting
        grace = actor.participant is not None and in_grace(meeting, self.now)
        if grace and card.stage is not None and card.stage == meeting.grace_stage_id != meeting.stage_id:
            return True, meeting.grace_stage
        if may_write(actor):
            return False, meeting.stage
        if grace:
            return True, meeting.grace_stage
        ended = ended_at(self.meeting)
        if ended is None:
            raise Forbidden(
                _("Writing is closed right now. Your text is kept; send it when writing opens again.")
            )
        joined_in_time = actor.participant is not None and actor.participant.joined_at <= ended
        if joined_in_time and accepts_late_cards(self.meeting, self.late_hours, self.now):
            return True, meeting.stage
        raise Closed
