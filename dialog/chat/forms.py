"""Forms for the chat: the same rules for page, API and socket."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import AnyOf, ValidationError

from ..forms import Number, Rules, Text, Uuid
from .models import TEXT_MAX


def _talk_or_question(form: Any, field: Any) -> None:
    field.data = field.data or "chat"
    if field.data not in ("chat", "question"):
        raise ValidationError(_("Say whether it is talk or a question."))


class AddMessage(Rules):
    """A message; ``uuid`` is made on the device (by the server in a page without JavaScript)."""

    uuid = Uuid()
    text = Text(min=1, max=TEXT_MAX, multiline=True)
    kind = Text(max=20, validators=[_talk_or_question])


class AddParkedLine(Rules):
    """A line of the parking lot, by the staff."""

    uuid = Uuid()
    text = Text(min=1, max=TEXT_MAX, multiline=True)


class ChatSync(Rules):
    """``since``: the last number of the chat that the client has."""

    since = Number(min=0, required=True)


class ChangeMessage(Rules):
    """A change of one message; ``base`` is the number of the message that the person saw."""

    id = Number(min=1, required=True)
    base = Number(required=True)


class HideMessage(ChangeMessage):
    reason = Text(min=3, max=300)


class AnswerMessage(ChangeMessage):
    """An answer, or what was done about a parked line; empty removes it."""

    answer = Text(max=1000, multiline=True)


class ChangeKind(ChangeMessage):
    """The place of a message: talk, questions or parking."""

    kind = Text(min=1, max=20, validators=[AnyOf(("chat", "question", "parking"))])


class TurnIntoCard(ChangeMessage):
    """``area`` None is «Inget område»."""

    area = Number(min=1)
