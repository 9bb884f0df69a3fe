"""The forms for planning a meeting and its tables, and for saying afterwards how many people came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.validators import StopValidation

from ..dialogues.labels import label_of, method_name
from ..dialogues.models import CardKind, Method
from ..forms import Choices, Day, MultilineText, Number, PageForm, Text, options
from ..meetings import local_time
from ..meetings.labels import BASIS_LABELS, FORM_LABELS
from ..meetings.models import MAX_TABLES, Meeting, Table

#: The method that a meeting of each form gets when the moderator chooses none.
USUAL_METHOD = {"in_person": "cafedialog", "hybrid": "cafedialog", "online": "e_dialog"}
#: Two entries in the list of methods: the usual one, and no method at all.
USUAL, NONE = "usual", "none"

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d)?", re.ASCII)


class Clock(TimeField):
    """A time of day as 18:30 or 18.30; None when it is empty."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        found = _CLOCK.fullmatch(raw)
        if found is None:
            raise ValueError(_("Write the time as hours and minutes: 18:30."))
        self.data = time(int(found[1]), int(found[2]))

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class MeetingForm(PageForm):
    """A planned meeting. Times are local: they are read as clocks in the municipality show them."""

    title = Text(_l("What the meeting is called"), min=1, max=200)
    question = MultilineText(_l("The question on phones and projector"), max=1000)
    form = RadioField(_l("Where do people meet?"), choices=options(FORM_LABELS.items()), default="in_person")
    place = Text(_l("Place"), max=200)
    day = Day(_l("Day"))
    begins = Clock(_l("From"))
    last_day = Day(_l("Last day"))
    ends = Clock(_l("To"))
    method = SelectField(_l("Method"), default=USUAL)
    tables = Number(_l("Tables"), max=MAX_TABLES, default=0)
    capacity = Number(_l("How many there is room for"), min=1, max=100_000)
    kinds = Choices(_l("Kinds of card to choose between"))
    approval = BooleanField(_l("Show cards only after somebody has approved them"))
    asks_name = BooleanField(_l("Ask for a name (it can always be left empty)"))
    dots = Number(_l("Dots for each participant to vote with"), max=100, default=5)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[CardKind],
        methods: Sequence[Method] = (),
        meeting: Meeting | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, obj=None, **kwargs)
        self.meeting = meeting
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        for field in (self.place, self.day, self.begins):
            field.flags.required = True
        self.kinds.choices = options((kind.code, label_of(kind)) for kind in kinds)
        if meeting is None:
            self.method.choices = options(
                [
                    (USUAL, _("The usual one: café dialogue in a room, e-dialogue online")),
                    *((method.key, method_name(method)) for method in methods),
                    (NONE, _("No method: everyone writes all the time")),
                ]
            )
        else:
            del self.method  # the method was copied into the meeting when it was made
            if meeting.state == "open":
                del self.form  # people already know the code and the address

    @classmethod
    def of(cls, meeting: Meeting, kinds: Sequence[CardKind]) -> MeetingForm:
        """Return the form for changing *meeting*, filled with its present values."""
        starts = local_time.local(meeting.starts_at) if meeting.starts_at else None
        ends = local_time.local(meeting.ends_at) if meeting.ends_at else None
        same_day = starts is not None and ends is not None and starts.date() == ends.date()
        return cls(
            meeting=meeting,
            kinds=kinds,
            data={
                **{
                    name: getattr(meeting, name)
                    for name in ("title", "question", "form", "place", "capacity", "dots")
                },
                "approval": meeting.approval,
                "asks_name": meeting.asks_name,
                "tables": len(meeting.tables),
                "kinds": [kind.code for kind in meeting.kinds],
                "day": starts.date() if starts else None,
                "begins": starts.time() if starts else None,
                "last_day": ends.date() if ends and not same_day else None,
                "ends": ends.time() if ends else None,
            },
        )

    @property
    def chosen_form(self) -> str:
        """Return the form that was chosen; an open meeting keeps the one it has."""
        if self.meeting is not None and self.meeting.state == "open":
            return self.meeting.form
        return str(self.form.data)

    @property
    def method_key(self) -> str | None:
        """Return the key of the chosen method; None for no method."""
        if self.method.data == USUAL:
            return USUAL_METHOD[self.chosen_form]
        return None if self.method.data == NONE else str(self.method.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every rule, those between fields last, so that all faults are shown at once."""
        good = super().validate(extra_validators)
        faults = [self._check_place(), self._check_times(), self._check_kinds()]
        return good and not any(faults)

    def _check_place(self) -> bool:
        if self.chosen_form in ("in_person", "hybrid") and not self.place.data and not self.place.errors:
            return _add_error(self.place, _("Write where people meet."))
        return False

    def _check_kinds(self) -> bool:
        if self.meeting is not None and not self.kinds.data and not self.kinds.errors:
            return _add_error(self.kinds, _("Choose at least one kind of card."))
        return False

    def _check_times(self) -> bool:
        faulty = False
        if self.day.data is None and not self.day.errors:
            faulty = _add_error(self.day, _("Choose a day."))
        if self.begins.data is None and not self.begins.errors:
            faulty = _add_error(self.begins, _("Write when it begins."))
        online = self.chosen_form == "online"
        if online and self.ends.data is None and not self.ends.errors:
            faulty = _add_error(self.ends, _("Write when it ends: residents see how long they can answer."))
        if not online and self.last_day.data and self.ends.data is None and not self.ends.errors:
            faulty = _add_error(self.ends, _("Write at what time it ends on the last day."))
        if faulty or any(field.errors for field in (self.day, self.begins, self.last_day, self.ends)):
            return True
        day, begins, ends = self.day.data, self.begins.data, self.ends.data
        assert day is not None
        assert begins is not None
        self.starts_at = _instant_at(self.begins, day, begins)
        self.ends_at = _instant_at(self.ends, self.last_day.data or day, ends) if ends else None
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            return _add_error(
                self.last_day if self.last_day.data else self.ends, _("It has to end after it begins.")
            )
        return bool(self.begins.errors or self.ends.errors)

    @property
    def meeting_values(self) -> dict[str, Any]:
        """Return the arguments for ``create_meeting`` or ``change_meeting``, once the form is valid."""
        names = ("title", "question", "capacity", "approval", "asks_name", "kinds")
        return {
            **{name: self[name].data for name in names},
            "form": self.chosen_form,
            "place": self.place.data or "",
            "dots": self.dots.data or 0,
            "tables": self.tables.data or 0,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }


def _add_error(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return True


def _instant_at(field: Any, day: date, clock: time) -> datetime | None:
    try:
        return local_time.instant(day, clock)
    except (ValueError, OverflowError):
        _add_error(field, _("The clocks skip this hour on that day. Choose another time."))
        return None


class AttendanceForm(PageForm):
    """The number of people who took part, and how it is known; «nobody knows» is an answer too."""

    basis = RadioField(_l("How do you know?"), choices=options(BASIS_LABELS.items()), default="counted")
    count = Number(_l("How many people took part"), max=1_000_000)
    completeness = Text(_l("How complete are the cards?"), max=300)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.basis.data in ("counted", "estimated") and self.count.data is None and not self.count.errors:
            _add_error(self.count, _("Write how many they were, or choose that nobody knows."))
            return False
        return good


class TableForm(PageForm):
    """One table. A page has several of these forms, each with a prefix of its own."""

    name = Text(_l("What the table is called"), max=120)
    areas = Choices(_l("Focus areas"), coerce=int)

    @classmethod
    def of(cls, table: Table, meeting: Meeting) -> TableForm:
        """Return the form for *table*, with the focus areas of its meeting to choose from."""
        form = cls(
            prefix=f"table{table.id}-",
            data={"name": table.name, "areas": [chosen.area_id for chosen in table.chosen_areas]},
            meta={"csrf": False},
        )
        form.areas.offer((area.id, area.name) for area in meeting.areas)
        return form
