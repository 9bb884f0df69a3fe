"""Forms for dialogues, assignments and levels."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..areas import queries as area_queries
from ..forms import Choice, Choices, Day, MultilineText, Number, PageForm, Text
from ..people import queries as people
from . import queries
from .labels import ASSIGNMENT_LABELS, label_of
from .models import Dialogue


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class DialogueForm(PageForm):
    """A dialogue. Only title and question are required at first."""

    title = Text(_l("Title"), min=1, max=200)
    question = MultilineText(_l("The question to the residents"), min=1, max=1000)
    why = MultilineText(_l("Why we ask"))
    can_influence = MultilineText(_l("What can be influenced"))
    cannot_influence = MultilineText(_l("What cannot be influenced"))
    level_id = Choice(_l("Level of participation"), required=False, coerce=_number_or_none)
    target_group = MultilineText(_l("Whom the dialogue is for"), max=2000)
    areas = Choices(_l("Focus areas"), coerce=int)
    body_id = Choice(_l("Responsible body"), required=False, coerce=_number_or_none)
    official_id = Choice(_l("Responsible official"), required=False, coerce=_number_or_none)
    decision_date = Day(_l("Decision on"))
    case_number = Text(_l("Case number (Dnr)"), max=60)

    #: Fields that are stored as they are typed; ``areas`` has a table of its own.
    COLUMNS = (
        "title",
        "question",
        "why",
        "can_influence",
        "cannot_influence",
        "level_id",
        "target_group",
        "body_id",
        "official_id",
        "decision_date",
        "case_number",
    )

    def offer(self, organisation_id: int, dialogue: Dialogue | None = None) -> None:
        """Set the choices to the rows of the organisation; ended areas stay where they were chosen."""
        chosen = dialogue.areas if dialogue else []
        offered = area_queries.areas_of(organisation_id, ended=False)
        offered += [area for area in chosen if area not in offered]
        self.areas.offer((area.id, area.name) for area in offered)
        self.level_id.offer(
            [
                ("", _("Not decided yet")),
                *((level.id, label_of(level)) for level in queries.levels_of(organisation_id)),
            ]
        )
        self.body_id.offer(
            [
                ("", _("Not decided yet")),
                *((body.id, body.name) for body in people.bodies_of(organisation_id)),
            ]
        )
        officials = people.with_roles(organisation_id, ("official", "administrator"))
        if dialogue and dialogue.official and dialogue.official not in officials:
            officials.append(dialogue.official)
        self.official_id.offer(
            [
                ("", _("Not decided yet")),
                *((person.id, person.name) for person in officials),
            ]
        )


class AssignForm(PageForm):
    user_id = Choice(_l("Person"), coerce=int)
    role = Choice(_l("Part in the dialogue"), choices=ASSIGNMENT_LABELS.items())


class MoveForm(PageForm):
    """A state to move to; cancelling requires ``reason``, which is public."""

    state = Text(min=1, max=20)
    reason = MultilineText(_l("Reason, for everybody to read"), max=1000)


class LevelForm(PageForm):
    """A participation level in both languages; residents read what it promises."""

    label_sv = Text(_l("Name in Swedish"), min=1, max=80)
    promise_sv = MultilineText(_l("What it promises, in Swedish"), min=1, max=500)
    label_en = Text(_l("Name in English"), min=1, max=80)
    promise_en = MultilineText(_l("What it promises, in English"), min=1, max=500)
    position = Number(_l("Place in the order"), min=0, max=999, required=True)
