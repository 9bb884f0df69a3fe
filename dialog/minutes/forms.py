"""Rules for a draft, which is one form of many parts, and for the small forms around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from ..errors import Invalid
from ..forms import Day, MultilineText, Number, PageForm, Rules, Text, new_uuid, options, parse_uuid
from .body import LISTS, MAX_JSON_LENGTH, MAX_PARTS, Body, Point, Row, new_id

_ID = re.compile(r"[0-9a-f]{8}")
#: The number of days open for corrections that the form proposes.
DEFAULT_DAYS = 14


class PointRules(Rules):
    """A point of the agenda."""

    heading = Text(max=200)
    text = Text(max=6000, multiline=True)


class RowRules(Rules):
    """Something agreed, or an open question."""

    what = Text(max=1000, multiline=True)
    who = Text(max=120)
    when = Day()


class TextRules(Rules):
    """The single texts of a draft."""

    summary = Text(max=3000, multiline=True)
    next_steps = Text(max=3000, multiline=True)


class SubmittedDraft:
    """A draft as a page sent it: the body, the fingerprints of what the page showed, and the faults by field.

    *stages* holds the stage of each stored point, which the page does not send.
    """

    def __init__(self, sent: MultiDict[str, str], stages: Mapping[str, int | None]) -> None:
        self.faults: dict[str, str] = {}
        self.base = _read_base(sent.get("base", ""))
        whole = self._part(TextRules, sent, "")
        points = [
            Point(number, values["heading"], values["text"], stages.get(number))
            for number, values in self._list("points", PointRules, sent)
        ]
        agreed, questions = (
            [
                Row(number, values["what"], values["who"], values["when"])
                for number, values in self._list(name, RowRules, sent)
            ]
            for name in ("agreed", "questions")
        )
        body = Body(
            summary=whole["summary"],
            points=tuple(point for point in points if not point.is_blank),
            agreed=tuple(row for row in agreed if not row.is_blank),
            questions=tuple(row for row in questions if not row.is_blank),
            next_steps=whole["next_steps"],
        )
        self.body = _moved(body, sent.get("move", ""))
        if len(json.dumps(self.body.to_json(), ensure_ascii=False)) > MAX_JSON_LENGTH:
            self.faults["summary"] = _("The minutes are too long. Shorten them a little.")

    def check(self) -> None:
        """Raise ``Invalid`` when a field is at fault."""
        if self.faults:
            raise Invalid(self.faults)

    def _list(
        self, name: str, rules: type[Rules], sent: MultiDict[str, str]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        numbers = list(dict.fromkeys(sent.getlist(name)))
        if len(numbers) > MAX_PARTS + 5:  # the page has a few empty rows at the end
            self.faults[name] = _("There is room for %(most)s rows here.", most=MAX_PARTS)
        for number in numbers[: MAX_PARTS + 5]:
            yield number if _ID.fullmatch(number) else new_id(), self._part(rules, sent, f"-{number}")

    def _part(self, rules: type[Rules], sent: MultiDict[str, str], ending: str) -> dict[str, str]:
        """Return the values of one part; a field at fault keeps what was typed, to be shown again."""
        names = list(rules()._fields)
        typed = {name: sent.get(f"{name}{ending}", "") for name in names}
        form = rules(MultiDict(typed))
        form.validate()
        for field in form:
            if field.errors:
                self.faults[f"{field.name}{ending}"] = str(field.errors[0])
                continue
            value: Any = field.data
            typed[field.name] = value.isoformat() if hasattr(value, "isoformat") else value or ""
        return typed


def _read_base(text: str) -> dict[str, str]:
    """Return the fingerprints that the page sent, or none when they cannot be read.

    Merging then treats every part as unseen and keeps both texts, so nothing is lost.
    """
    try:
        found = json.loads(text) if len(text) < 20_000 else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _moved(body: Body, what: str) -> Body:
    """Return *body* with one point or row moved. An example of *what* is «up points 1a2b3c4d»."""
    direction, _space, rest = what.partition(" ")
    name, _space, number = rest.partition(" ")
    if direction not in ("up", "down") or name not in LISTS:
        return body
    parts = list(getattr(body, name))
    place = next((place for place, part in enumerate(parts) if part.id == number), None)
    other = None if place is None else place + (1 if direction == "down" else -1)
    if place is None or other is None or not 0 <= other < len(parts):
        return body
    parts[place], parts[other] = parts[other], parts[place]
    changed: dict[str, Any] = {each: getattr(body, each) for each in ("summary", *LISTS, "next_steps")}
    return Body(**{**changed, name: tuple(parts)})


class SendForm(PageForm):
    """The number of days that a version is open for corrections."""

    days = Number(_l("Days open for corrections"), min=1, max=90, required=True, default=DEFAULT_DAYS)


class WithdrawForm(PageForm):
    """The reason for which a version is withdrawn."""

    reason = MultilineText(_l("Why it is withdrawn"), min=3, max=500)


class AnswerForm(PageForm):
    """The answer to a correction."""

    state = RadioField(
        _l("What becomes of it"),
        choices=options((("taken", _l("Put in the minutes")), ("declined", _l("Not taken in")))),
    )
    answer = MultilineText(_l("Answer to whoever sent it"), max=1000)

    def validate_answer(self, field: Any) -> None:
        if self.state.data == "declined" and not field.data:
            raise ValidationError(_("Say why it is not taken in."))


class CorrectionForm(PageForm):
    """A correction by anybody who has the address. Its ``uuid`` makes a double press harmless."""

    uuid = HiddenField()
    confirmed = HiddenField()
    about = SelectField(_l("What it is about"), default="")
    text = MultilineText(_l("What should it say?"), min=3, max=2000)

    def offer(self, parts: list[tuple[str, str]]) -> None:
        """Offer *parts*, as key and label, to point at."""
        self.about.choices = options([("", _("All of it")), *parts])

    def validate_uuid(self, field: Any) -> None:
        field.data = parse_uuid(field.data) or new_uuid()  # a broken one is replaced, for nobody has typed it
