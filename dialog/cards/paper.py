"""Paper notes: typed or pasted many at once, one a line, also the day after the meeting has closed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from ..dialogues.labels import named
from ..errors import DialogError, Invalid
from ..forms import Number, PageForm, clean_text, options
from ..meetings import queries
from ..meetings.models import Meeting
from ..pages import new_uuid
from ..people.current import signed_in_user
from ..people.models import User
from . import adding
from .forms import AddCard

bp = Blueprint("paper", __name__)

#: Most notes in one go.
MOST_LINES = 500
#: What stands before a line in a list that was pasted from somewhere.
_BULLET = re.compile(r"^[•◦▪‣*\-–—·]\s+")


class PaperForm(PageForm):
    """Notes with what they have in common. ``uuid`` makes a double press harmless."""

    uuid = HiddenField()
    notes = TextAreaField(_l("Notes, one on each line"))
    area = RadioField(_l("Focus area"), default="")
    kind = SelectField(_l("Kind of card"), default="")
    table = SelectField(_l("Table"), default="")
    stands_for = Number(_l("How many stand behind each note"), least=1, most=100, default=1)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes.flags.required = True
        areas = [(str(area.id), area.name) for area in meeting.areas]
        kinds = [(kind.code, named(kind)) for kind in meeting.kinds]
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
        try:
            UUID(field.data)
        except (TypeError, ValueError):
            # Nobody types it: a page from an old tab gets a new one, nothing is lost.
            field.data = new_uuid()

    def validate_notes(self, field: Any) -> None:
        lines = lines_of(field.data or "")
        if not lines:
            raise ValidationError(_("Write or paste at least one note."))
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _(
                    "There are %(count)s notes here; send at most %(most)s at a time.",
                    count=len(lines),
                    most=MOST_LINES,
                )
            )


@dataclass(frozen=True)
class Line:
    """A note as it stood in the box."""

    number: int
    text: str


@dataclass
class Taken:
    """What became of the notes."""

    saved: int = 0
    repeated: int = 0
    faulty: list[tuple[Line, str]] = field(default_factory=list)


def lines_of(text: str) -> list[Line]:
    """The notes in *text*: empty lines are left out, the marks of a list before a line too."""
    found = []
    # Only real line breaks part notes: splitlines() would also cut at what Word uses inside a line.
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = clean_text(_BULLET.sub("", clean_text(raw)))
        if line:
            found.append(Line(number, line))
    return found


def take_in(user: User, meeting: Meeting, form_uuid: str, lines: list[Line], **common: Any) -> Taken:
    """Save *lines* as cards of the channel paper, in one commit; a faulty one never holds up the others.

    The same form sent twice gives the same cards: a note's UUID comes from the form's, its text, and
    which one of equal notes it is.
    """
    taken = Taken()
    seen: Counter[str] = Counter()
    good: list[Line] = []
    cards: list[adding.NewCard] = []
    for line in lines:
        seen[line.text] += 1
        uuid = uuid5(UUID(form_uuid), f"{seen[line.text]} {line.text.encode('utf-8', 'replace').decode()}")
        try:
            values = AddCard.read_json({"uuid": str(uuid), "text": line.text, **common}).values
        except Invalid as error:
            taken.faulty.append((line, " ".join(str(fault) for fault in error.fields.values())))
            continue
        good.append(line)
        cards.append(adding.NewCard(meeting_id=meeting.id, user_id=user.id, channel="paper", **values))
    for line, outcome in zip(good, adding.add_cards(cards) if cards else [], strict=True):
        if isinstance(outcome, Invalid) and outcome.fields:
            taken.faulty.append((line, " ".join(outcome.fields.values())))
        elif isinstance(outcome, DialogError):
            taken.faulty.append((line, outcome.message))
        elif outcome.repeat:
            taken.repeated += 1
        else:
            taken.saved += 1
    taken.faulty.sort(key=lambda fault: fault[0].number)
    return taken


@bp.route("/meetings/<int:meeting_id>/paper", methods=["GET", "POST"])
@login_required
def show(meeting_id: int) -> Any:
    """Type in paper notes."""
    user = signed_in_user()
    meeting = queries.meeting_for(user, meeting_id)
    form = PaperForm(meeting=meeting)
    if not form.is_submitted():
        form.uuid.data = new_uuid()
        return _page(meeting, form)
    if not form.validate():
        return _page(meeting, form), 400
    lines = lines_of(form.notes.data or "")
    table = form.table.data if "table" in form else ""
    taken = take_in(
        user,
        meeting,
        form.uuid.data or "",
        lines,
        area=int(form.area.data) if form.area.data else None,
        kind=form.kind.data or None,
        table=int(table) if table else None,
        stands_for=form.stands_for.data or 1,
    )
    _tell(taken)
    if not taken.faulty:
        return redirect(url_for("paper.show", meeting_id=meeting.id), 303)
    # What was saved leaves the box. What is left is a form of its own.
    form.notes.data = "\n".join(line.text for line, _why in taken.faulty)
    form.uuid.data = new_uuid()
    return _page(meeting, form, taken), 400


def _tell(taken: Taken) -> None:
    if taken.saved:
        flash(ngettext("%(num)s card saved.", "%(num)s cards saved.", taken.saved), "ok")
    if taken.repeated:
        flash(
            ngettext(
                "%(num)s note had already been saved and was not saved again.",
                "%(num)s notes had already been saved and were not saved again.",
                taken.repeated,
            )
        )


def _page(meeting: Meeting, form: PaperForm, taken: Taken | None = None) -> str:
    return render_template("meetings/paper.html", meeting=meeting, form=form, taken=taken, most=MOST_LINES)
