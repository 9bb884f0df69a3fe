"""Forms for cards: the same rules for page, API and socket."""

from __future__ import annotations

from ..forms import Number, Rules, Text, Uuid
from .models import TEXT_MAX


class AddCard(Rules):
    """A new card; ``uuid`` is made on the device (by the server in a page without JavaScript)."""

    uuid = Uuid()
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
