"""The actor: who acts in a meeting, a participant's device, somebody of the staff, or a projector view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ..errors import Forbidden
from ..people.models import User
from .models import Meeting, Participant

#: The model's ``Meeting``, or ``MeetingLike`` where rows are enough.
MeetingT = TypeVar("MeetingT", covariant=True)


@dataclass(frozen=True)
class MeetingActor(Generic[MeetingT]):
    """Somebody in one meeting, read afresh for every request and event.

    Neither participant nor user: a projector view, which only reads.
    """

    meeting: MeetingT
    participant: Participant | None = None
    user: User | None = None
    #: Asked for rendered cards in what they are sent.
    html: bool = False

    @property
    def kind(self) -> str:
        """The audience the actor belongs to: participant, staff or display."""
        if self.participant is not None:
            return "participant"
        return "staff" if self.user is not None else "display"

    @property
    def is_staff(self) -> bool:
        return self.user is not None

    @property
    def user_or_refuse(self) -> User:
        """The user; raises ``Forbidden`` for anybody else."""
        if self.user is None:
            raise Forbidden
        return self.user

    @property
    def person(self) -> Participant | User | None:
        """The row that the audit log and a card's author point to."""
        return self.participant or self.user


#: An actor whose meeting is the model's own object, with all that belongs to it.
Actor = MeetingActor[Meeting]
