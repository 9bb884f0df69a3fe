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

    uuid = Text(least=32, most=36, validators=[_uuid])
    text = Text(least=1, most=TEXT_MAX, lines=True)
    area = Number(least=1)
    kind = Text(most=30)
    table = Number(least=1)
    stands_for = Number(least=1, most=100)
    #: The stage in which the writer began: for a minute after it has ended the card is still one of its own.
    stage = Number(least=1)


class EditCard(Rules):
    """A new text; ``base`` is the number of the card that the writer saw."""

    id = Number(least=1, needed=True)
    text = Text(least=1, most=TEXT_MAX, lines=True)
    base = Number(needed=True)


class WithdrawCard(Rules):
    id = Number(least=1, needed=True)
    base = Number(needed=True)


class MoveCard(Rules):
    """``area`` None is «Inget område»."""

    id = Number(least=1, needed=True)
    area = Number(least=1)
    base = Number(needed=True)


class HideCard(Rules):
    id = Number(least=1, needed=True)
    reason = Text(least=3, most=300)
    base = Number(needed=True)


class RestoreCard(WithdrawCard):
    """Undo of hiding, and approval of a card that waits."""


class SetVote(Rules):
    card = Number(least=1, needed=True)
    dots = Number(least=0, most=100, needed=True)


class Sync(Rules):
    """``since``: the last number the client has."""

    since = Number(least=0, needed=True)


class GoToStage(Rules):
    """``seen`` is the stage the moderator was looking at, so that two presses move once."""

    stage = Number(least=1, needed=True)
    seen = Number(least=1)


def _one_of(*values: str) -> Any:
    """Validator: one of these words, and no other."""

    def check(form: Any, field: Any) -> None:
        if field.data not in values:
            raise ValidationError(_("Choose one of what is offered."))

    return check


class ChangeTimer(Rules):
    """``seen`` is the timer as it was when somebody decided, so that an act pressed twice acts once."""

    way = Text(most=10, validators=[_one_of(*timer_actions.TIMER_CHANGES)])
    minutes = Number(least=1, most=60)
    seen = Text(most=80)


class Lock(Rules):
    locked = Flag()


class Show(Rules):
    """What the projector shows."""

    display = Text(most=10, validators=[_one_of(*DISPLAYS)])


class Reveal(Rules):
    """``of`` is the table or the area; empty stands for cards without one."""

    scope = Text(most=10, validators=[_one_of(*SCOPES)])
    of = Number(least=1)


class Say(Rules):
    """``table`` empty is everybody."""

    text = Text(least=1, most=300)
    table = Number(least=1)


class EndMessage(Rules):
    message = Number(least=1, needed=True)


class PlaceDevice(Rules):
    """``table`` empty is no table."""

    participant = Number(least=1, needed=True)
    table = Number(least=1)


class SpreadDevices(Rules):
    """``seen`` is how often devices had been placed then."""

    way = Text(most=10, validators=[_one_of(*seating_actions.SPREADS)])
    seen = Number(needed=True)


class RemoveDevice(Rules):
    participant = Number(least=1, needed=True)


class Undo(Rules):
    """``act`` empty is the latest."""

    act = Number(least=1)
