"""The fields that each act on the facilitation screen sends."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from ..forms import Flag, Number, Rules, Text
from ..meetings import seating_actions, timer_actions
from ..meetings.models import DISPLAYS

#: Held cards that are revealed in one act: all, or those of one table or area.
SCOPES = ("all", "table", "area")


def _one_of(*values: str) -> Any:
    """Return a validator that accepts these words and no other."""

    def check(form: Any, field: Any) -> None:
        if field.data not in values:
            raise ValidationError(_("Choose one of what is offered."))

    return check


class StageChangeForm(Rules):
    """The stage to start. ``seen`` is the stage that the moderator saw, so that two presses move once."""

    stage = Number(min=1, required=True)
    seen = Number(min=1)


class TimerChangeForm(Rules):
    """A change of the timer. ``seen`` is the timer that the moderator saw, so that two presses act once."""

    way = Text(max=10, validators=[_one_of(*timer_actions.TIMER_CHANGES)])
    minutes = Number(min=1, max=60)
    seen = Text(max=80)


class LockForm(Rules):
    """Whether writing, voting and chat are locked."""

    locked = Flag()


class DisplayForm(Rules):
    """The view that the projector shows."""

    display = Text(max=10, validators=[_one_of(*DISPLAYS)])


class RevealForm(Rules):
    """The held cards to reveal. ``of`` is the table or the area; empty means cards without one."""

    scope = Text(max=10, validators=[_one_of(*SCOPES)])
    of = Number(min=1)


class AnnouncementForm(Rules):
    """A message to the devices. An empty ``table`` means everybody."""

    text = Text(min=1, max=300)
    table = Number(min=1)


class AnnouncementEndForm(Rules):
    """The message to take away."""

    message = Number(min=1, required=True)


class PlacementForm(Rules):
    """A device and the table to send it to. An empty ``table`` means no table."""

    participant = Number(min=1, required=True)
    table = Number(min=1)


class SpreadForm(Rules):
    """A way to spread the devices. ``seen`` is the number of placements that the moderator had seen."""

    way = Text(max=10, validators=[_one_of(*seating_actions.SPREADS)])
    seen = Number(required=True)


class RemovalForm(Rules):
    """The device to remove from the meeting."""

    participant = Number(min=1, required=True)


class UndoForm(Rules):
    """The act to undo. An empty ``act`` means the latest."""

    act = Number(min=1)
