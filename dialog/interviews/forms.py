"""Rules for what the observer's screen sends."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from ..cards.forms import AddCard
from ..forms import Flag, MultilineText, Number, PageForm, Rules, Text

#: The largest number of people in a focus group.
MAX_GROUP = 12


class AddNote(AddCard):
    """A note or a quotation. ``speaker`` None is the whole group; ``question`` is the stage it answers."""

    speaker = Number(min=1, max=MAX_GROUP)
    question = Number(min=1)


class ConsentForm(PageForm):
    """The number of people in the group, and of those who said yes when the terms had been read."""

    group = Number(_l("How many are in the group?"), min=1, max=MAX_GROUP, required=True)
    agreed = Number(_l("How many said yes?"), min=0, max=MAX_GROUP, required=True)

    def validate_agreed(self, field: Any) -> None:
        if self.group.data is not None and field.data is not None and field.data > self.group.data:
            raise ValidationError(_("There cannot be more who said yes than there are in the group."))


class AddSpeaker(Rules):
    """A person who came later, and whether they consent."""

    consents = Flag()


class MarkFollowUp(Rules):
    """A follow-up question, known by its key, and whether it was asked."""

    question = Number(min=1, required=True)
    follow_up = Text(min=64, max=64)
    asked = Flag()


class ClosingCheckForm(PageForm):
    """A closing check («Stämmer det här?»): the summary that was read out, and the group's answer."""

    summary = MultilineText(_l("The summary that you read out"), min=3, max=3000)
    agreed = Number(_l("How many agreed"), min=0, max=MAX_GROUP)
    differed = Number(_l("How many saw it differently"), min=0, max=MAX_GROUP)
    objections = MultilineText(_l("What they wanted changed"), max=3000)
