"""What may come in about cards, the same for page, API and socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from ..forms import Number, Rules, Text
from .models import TEXT_MAX


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
