"""What may come in to the chat, the same for page, API and socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms.validators import AnyOf, ValidationError

from ..forms import Number, Rules, Text
from .models import TEXT_MAX


def _uuid(form: Any, field: Any) -> None:
    try:
        field.data = str(UUID(field.data))
    except ValueError:
        raise ValidationError(_("This is no UUID.")) from None


def _talk_or_question(form: Any, field: Any) -> None:
    field.data = field.data or "chat"
    if field.data not in ("chat", "question"):
        raise ValidationError(_("Say whether it is talk or a question."))


class Say(Rules):
    """A message; ``uuid`` is made on the device (by the server in a page without JavaScript)."""

    uuid = Text(least=32, most=36, validators=[_uuid])
    text = Text(least=1, most=TEXT_MAX, lines=True)
    kind = Text(most=20, validators=[_talk_or_question])


class Park(Rules):
    """A line of the parking lot, by the staff."""

    uuid = Text(least=32, most=36, validators=[_uuid])
    text = Text(least=1, most=TEXT_MAX, lines=True)


class ChatSync(Rules):
    """``since``: the last number of the chat that the client has."""

    since = Number(least=0, needed=True)


class About(Rules):
    """An act on one message; ``base`` is the number of the message that the person saw."""

    id = Number(least=1, needed=True)
    base = Number(needed=True)


class Hide(About):
    reason = Text(least=3, most=300)


class Reply(About):
    """What was answered, or what was done about a parked line; empty takes it back."""

    answer = Text(most=1000, lines=True)


class PutIn(About):
    """Where a message belongs: talk, questions or parking."""

    kind = Text(least=1, most=20, validators=[AnyOf(("chat", "question", "parking"))])


class MakeCard(About):
    """``area`` None is «Inget område»."""

    area = Number(least=1)
