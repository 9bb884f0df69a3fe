"""Forms for focus areas."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from ..forms import Choice, MultilineText, Number, PageForm, Text
from .labels import COLOUR_LABELS, STATUS_LABELS

#: Maximum number of lines in one field.
MAX_LINES = 30


def lines_of(text: str | None) -> list[str]:
    """Return the lines of *text* without blank lines and duplicates."""
    stripped = (line.strip() for line in (text or "").split("\n"))
    return list(dict.fromkeys(line for line in stripped if line))


class OnePerLine:
    """A validator for at most ``MAX_LINES`` lines of at most *max* characters each."""

    def __init__(self, max: int) -> None:
        self.max = max

    def __call__(self, _form: Any, field: Any) -> None:
        lines = lines_of(field.data)
        if len(lines) > MAX_LINES:
            raise ValidationError(_("There is room for %(most)s lines.", most=MAX_LINES))
        for line in lines:
            if len(line) > self.max:
                raise ValidationError(
                    _(
                        "One line is %(length)s characters; there is room for %(most)s.",
                        length=len(line),
                        most=self.max,
                    )
                )


class AreaForm(PageForm):
    name = Text(_l("Name"), min=1, max=120)
    purpose_progress = MultilineText(_l("First purpose: concrete progress"), max=2000)
    purpose_collaboration = MultilineText(_l("Second purpose: more collaboration"), max=2000)
    responsible = MultilineText(_l("Responsible"), validators=[OnePerLine(200)])
    aliases = MultilineText(_l("Also called"), validators=[OnePerLine(120)])
    status = Choice(_l("Status"), choices=STATUS_LABELS.items(), default="active")
    colour = Choice(_l("Colour"), choices=COLOUR_LABELS.items(), coerce=int, default=1)
    position = Number(_l("Place in the order"), min=0, max=9999)
    note = MultilineText(_l("Note for colleagues"), max=2000)

    #: Fields that are stored as typed.
    COLUMNS = ("name", "purpose_progress", "purpose_collaboration", "status", "colour", "position", "note")

    @property
    def values(self) -> dict[str, Any]:
        """Return the arguments of an action; fields with one entry per line become lists."""
        found = super().values
        return {
            **found,
            "responsible": lines_of(found["responsible"]),
            "aliases": lines_of(found["aliases"]),
            "position": found["position"] or 0,
        }
