"""The form for notes: the notes themselves or a file, and what they have in common."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from ..dialogues.labels import label_of
from ..forms import Number, PageForm, Text, Upload, new_uuid, options, parse_uuid
from ..meetings.models import Meeting
from .files import MAX_BYTES
from .parsing import count_lines
from .preview_rows import MAX_NOTES, MAX_ROUNDS, MAX_STANDS_FOR


class NotesForm(PageForm):
    """Notes with what they have in common. ``uuid`` makes sending the form twice harmless."""

    uuid = HiddenField()
    notes = TextAreaField(_l("Notes, one on each line"))
    file = Upload(
        _l("Or a file with notes"),
        max=MAX_BYTES,
        too_large=_l(
            "The file is larger than 2 MB. Remove pictures from it, or divide it into several files."
        ),
    )
    channel = RadioField(
        _l("Where the notes come from"),
        default="paper",
        choices=options([("paper", _l("Written on paper")), ("interview", _l("Said in an interview"))]),
    )
    area = RadioField(_l("Focus area"), default="")
    kind = SelectField(_l("Kind of card"), default="")
    table = SelectField(_l("Table"), default="")
    stands_for = Number(_l("How many stand behind each note"), min=1, max=MAX_STANDS_FOR, default=1)
    round = Number(_l("Round"), min=1, max=MAX_ROUNDS)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers = {str(table.id): str(table.number) for table in meeting.tables}
        areas = [(str(area.id), area.name) for area in meeting.areas]
        kinds = [(kind.code, label_of(kind)) for kind in meeting.kinds]
        tables = [
            (str(table.id), table.name or _("Table %(number)s", number=table.number))
            for table in meeting.tables
        ]
        self.area.choices = options([*areas, ("", _("No area"))])
        self.kind.choices = options([("", _("No kind")), *kinds])
        self.table.choices = options([("", _("No table")), *tables])
        if not meeting.tables:
            del self.table

    def validate_uuid(self, field: Any) -> None:
        # No person types it. A page from an old tab gets a new one, and no note is lost.
        field.data = parse_uuid(field.data) or new_uuid()

    def validate_notes(self, field: Any) -> None:
        count = count_lines(field.data or "")
        if not count and not self.file.data:
            raise ValidationError(_("Write or paste at least one note."))
        if count > MAX_NOTES:
            raise ValidationError(too_many(count))

    @property
    def table_number(self) -> str:
        """Return the number of the chosen table, as text."""
        return self._numbers.get(self.table.data, "") if "table" in self else ""

    @property
    def common(self) -> dict[str, str]:
        """Return the values for every note that says nothing else, in the preview's own terms."""
        return {
            "area": self.area.data or "",
            "kind": self.kind.data or "",
            "table": self.table_number,
            "stands_for": str(self.stands_for.data or 1),
            "round": str(self.round.data or ""),
        }


def too_many(count: int) -> str:
    """Return the message for more notes than one form takes."""
    return _("There are %(count)s notes here; send at most %(most)s at a time.", count=count, most=MAX_NOTES)


class HideIntakeForm(PageForm):
    """The reason for hiding a whole intake."""

    reason = Text(_l("Why"), min=3, max=300)
