"""What may come in about cards, the same for page, API and socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from ..forms import Flag, Number, Rules, Text
from ..meetings import seating_actions, timer_actions
from ..meetings.models import DISPLAYS
from .models import TEXT_MAX

#: What is revealed together.
SCOPES = ("all", "table", "area")


def _uuid(form: Any, field: Any) -> None:
    try:
        field.data = str(UUID(field.data))
    except ValueError:
        raise ValidationError(_("This is no UUID.")) from None


class AddCard(Rules):
    """A new card; ``uuid`` is made on the device (by the server in a page without JavaScript)."""

    uuid = Text(min=32, max=36, validators=[_uuid])
    text = Text(min=1, max=TEXT_MAX, multiline=True)
    area = Number(min=1)
    kind = Text(max=30)
    table = Number(min=1)
    stands_for = Number(min=1, max=100)
    #: The stage in which the writer began: for a minute after it has ended the card is still one of its own.
    stage = Number(min=1)


class EditCard(Rules):
    """A new text; ``base`` is the number of the card that the writer saw."""

    id = Number(min=1, required=True)
    text = Text(min=1, max=TEXT_MAX, multiline=True)
    base = Number(required=True)


class WithdrawCard(Rules):
    id = Number(min=1, required=True)
    base = Number(required=True)


class MoveCard(Rules):
    """``area`` None is «Inget område»."""

    id = Number(min=1, required=True)
    area = Number(min=1)
    base = Number(required=True)


class HideCard(Rules):
    id = Number(min=1, required=True)
    reason = Text(min=3, max=300)
    base = Number(required=True)


class RestoreCard(WithdrawCard):
    """Undo of hiding, and approval of a card that waits."""


class SetVote(Rules):
    card = Number(min=1, required=True)
    dots = Number(min=0, max=100, required=True)


class Sync(Rules):
    """``since``: the last number the client has."""

    since = Number(min=0, required=True)


class GoToStage(Rules):
    """``seen`` is the stage the moderator was looking at, so that two presses move once."""

    stage = Number(min=1, required=True)
    seen = Number(min=1)


def _one_of(*values: str) -> Any:
    """Validator: one of these words, and no other."""

    def check(form: Any, field: Any) -> None:
        if field.data not in values:
            raise ValidationError(_("Choose one of what is offered."))

    return check


class ChangeTimer(Rules):
    """``seen`` is the timer as it was when somebody decided, so that an act pressed twice acts once."""

    way = Text(max=10, validators=[_one_of(*timer_actions.TIMER_CHANGES)])
    minutes = Number(min=1, max=60)
    seen = Text(max=80)


class Lock(Rules):
    locked = Flag()


class Show(Rules):
    """What the projector shows."""

    display = Text(max=10, validators=[_one_of(*DISPLAYS)])


class Reveal(Rules):
    """``of`` is the table or the area; empty stands for cards without one."""

    scope = Text(max=10, validators=[_one_of(*SCOPES)])
    of = Number(min=1)


class Say(Rules):
    """``table`` empty is everybody."""

    text = Text(min=1, max=300)
    table = Number(min=1)


class EndMessage(Rules):
    message = Number(min=1, required=True)


class PlaceDevice(Rules):
    """``table`` empty is no table."""

    participant = Number(min=1, required=True)
    table = Number(min=1)


class SpreadDevices(Rules):
    """``seen`` is how often devices had been placed then."""

    way = Text(max=10, validators=[_one_of(*seating_actions.SPREADS)])
    seen = Number(required=True)


class RemoveDevice(Rules):
    participant = Number(min=1, required=True)


class Undo(Rules):
    """``act`` empty is the latest."""

    act = Number(min=1)
