"""What may come in from the observer's screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from ..cards.forms import AddCard
from ..forms import Flag, MultilineText, Number, PageForm, Rules, Text

#: Most people in a group; one more and it is no focus group any longer.
MAX_GROUP = 12


class AddNote(AddCard):
    """A note or a quotation. ``speaker`` None is the group as a whole, ``question`` the stage it answers."""

    speaker = Number(min=1, max=MAX_GROUP)
    question = Number(min=1)


class ConsentForm(PageForm):
    """How many sit in the group, and how many of them said yes when the terms had been read."""

    group = Number(_l("How many are in the group?"), min=1, max=MAX_GROUP, required=True)
    agreed = Number(_l("How many said yes?"), min=0, max=MAX_GROUP, required=True)

    def validate_agreed(self, field: Any) -> None:
        if self.group.data is not None and field.data is not None and field.data > self.group.data:
            raise ValidationError(_("There cannot be more who said yes than there are in the group."))


class AddSpeaker(Rules):
    """Somebody who came later."""

    consents = Flag()


class MarkFollowUp(Rules):
    """A follow-up question that has been asked, or has not after all."""

    question = Number(min=1, required=True)
    follow_up = Text(min=64, max=64)
    asked = Flag()


class ClosingCheckForm(PageForm):
    """«Stämmer det här?»: what was read out, and what the group answered."""

    summary = MultilineText(_l("The summary that you read out"), min=3, max=3000)
    agreed = Number(_l("How many agreed"), min=0, max=MAX_GROUP)
    differed = Number(_l("How many saw it differently"), min=0, max=MAX_GROUP)
    objections = MultilineText(_l("What they wanted changed"), max=3000)
