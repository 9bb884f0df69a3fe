"""What may come in, declared once per domain as a WTForms form.

A page sends text; the API and the socket send JSON. WTForms alone lets a number, a list or an object pass as
text and drops fields it does not know, so JSON is checked for its types first and then goes through the same
fields and validators as the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateField,
    Field,
    FileField,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from .db import INTEGER_MAX
from .errors import Invalid
from .text import clean_text, text_fault


def new_uuid() -> str:
    """Return a UUID for a form without JavaScript, so that a double press is one card."""
    return str(uuid4())


class Text(StringField):
    """Text of *least* to *most* code points, normalised; a single line unless *lines*."""

    def __init__(
        self, label: Any = None, *, least: int = 0, most: int = 500, lines: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most, self.lines = least, most, lines
        if least:
            self.flags.required = True

    def check_json(self, value: Any) -> bool:
        return isinstance(value, str)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = clean_text(str(valuelist[0]), max_length=self.most)

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        fault = text_fault(text, max_length=self.most, lines=self.lines)
        if fault:
            raise StopValidation(fault)
        if len(text) < self.least:
            raise StopValidation(_("Write something here.") if not text else _("Write a little more here."))


class Lines(Text):
    """Text of several lines, written in a box."""

    widget = TextArea()

    def __init__(self, label: Any = None, *, most: int = 5000, **kwargs: Any) -> None:
        super().__init__(label, most=most, lines=True, **kwargs)


class Upload(FileField):
    """A file of at most *most* bytes. The page looks at its size before it sends it, and says *too_large*."""

    def __init__(self, label: Any = None, *, most: int, too_large: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.render_kw = {"data-most": most, "data-too-large": too_large}


class Number(IntegerField):
    """A whole number within *least* and *most*; empty is None unless *needed*."""

    def __init__(
        self,
        label: Any = None,
        *,
        least: int = 0,
        most: int = INTEGER_MAX,
        needed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most, self.needed = least, most, needed
        if needed:
            self.flags.required = True

    def check_json(self, value: Any) -> bool:
        # True is an int to Python; a JSON true is no number.
        return isinstance(value, int) and not isinstance(value, bool)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        digits = raw.removeprefix("-")
        # isdecimal() alone takes Arabic digits, and a number of a megabyte takes Python minutes.
        if len(raw) > 20 or not (digits.isascii() and digits.isdecimal()):
            raise ValueError(_("Write a whole number."))
        self.data = int(raw)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        if self.data is None:
            if self.needed:
                raise StopValidation(_("Write a number here."))
            return
        if not self.least <= self.data <= self.most:
            if self.most == INTEGER_MAX:
                raise StopValidation(_("The number must be at least %(least)s.", least=self.least))
            raise StopValidation(
                _("The number must be between %(least)s and %(most)s.", least=self.least, most=self.most)
            )


class Flag(Field):
    """True or false, from JSON or a check box."""

    def check_json(self, value: Any) -> bool:
        return isinstance(value, bool)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = bool(valuelist) and str(valuelist[0]).lower() in ("true", "1", "on", "y", "yes")


class Choice(SelectField):
    """One of a list of pairs, value and label; not *needed* when one of them stands for nothing."""

    def __init__(
        self,
        label: Any = None,
        *,
        choices: Iterable[tuple[Any, Any]] = (),
        needed: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, choices=options(choices), **kwargs)
        if needed:
            self.flags.required = True

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Fill the list when it is known only now."""
        self.choices = options(choices)


class Choices(SelectMultipleField):
    """Any of a list of pairs, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, *, choices: Iterable[tuple[Any, Any]] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=options(choices), **kwargs)

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Fill the list when it is known only now."""
        self.choices = options(choices)


def options(choices: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Pairs of value and label, as the form library wants them from version 3.4 on."""
    return [SelectChoice(value, label) for value, label in choices]


class Day(DateField):
    """A date as the browser sends it, 2026-09-01; empty is None."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        try:
            self.data = date.fromisoformat(raw)
        except ValueError:
            raise ValueError(_("Write the date as year, month and day: 2026-09-01.")) from None

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class Rules(Form):
    """The rules for one kind of input, wherever it comes from. ``values`` are clean once it validated."""

    _empty: ClassVar[dict[str, Any]]

    @classmethod
    def read_json(cls, payload: object) -> Self:
        """The form for a JSON *payload*, validated; raises ``Invalid`` with the fields at fault."""
        if not isinstance(payload, Mapping):
            raise Invalid(message=_("An object with fields was expected."))
        fields = cls._kinds_of_field()
        faults: dict[str, str] = {}
        filled: MultiDict[str, str] = MultiDict()
        for name, value in payload.items():
            field = fields.get(name) if isinstance(name, str) else None
            if field is None:
                # The name is the sender's: shown cut short, and never as it stands if it cannot be encoded.
                shown = str(name)[:40].encode("utf-8", "replace").decode()
                faults[shown] = _("This field is not known here.")
            elif value is None:
                continue  # the same as leaving it out
            elif not field.check_json(value):
                faults[name] = _("This field has the wrong type.")
            else:
                filled[name] = str(value)
        if faults:
            raise Invalid(faults)
        return cls(filled).checked()

    @classmethod
    def _kinds_of_field(cls) -> dict[str, Any]:
        """The fields of an empty form, made once a class: they only tell what JSON may stand in them."""
        if "_empty" not in cls.__dict__:
            cls._empty = cls()._fields
        return cls._empty

    @classmethod
    def read_page(cls, form: MultiDict[str, str]) -> Self:
        """The form for what a page sent, validated; raises ``Invalid`` with the fields at fault."""
        return cls(form).checked()

    def checked(self) -> Self:
        if not self.validate():
            faults = {str(name): str(errors[0]) for name, errors in self.errors.items() if name and errors}  # type: ignore[index]
            raise Invalid(faults)
        return self

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.data)


class PageForm(FlaskForm):
    """Base of the forms on pages: CSRF token, errors at the field, and what was typed stays."""

    class Meta(FlaskForm.Meta):
        locales = ("sv",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; a file under the name of a field that asks for none is left out."""
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            wanted = [
                (name, file)
                for name, file in request.files.items(multi=True)
                if isinstance(form._fields.get(name), FileField)
            ]
            return CombinedMultiDict([MultiDict(wanted), request.form])

    @property
    def values(self) -> dict[str, Any]:
        """What was sent, without the CSRF token: the arguments of an action."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}

    def fail(self, error: Invalid) -> None:
        """Show an action's refusal at the fields it concerns."""
        for name, message in error.fields.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [*field.errors, message]
        if not error.fields:
            self.form_errors.append(error.message)


def not_blank(form: Any, field: Any) -> None:
    """Validator: something is written, and not only white space."""
    if not (field.data or "").strip():
        raise ValidationError(_("Write something here."))
