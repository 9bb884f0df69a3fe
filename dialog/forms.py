"""Fields and base classes of all forms. Each domain declares the rules for its input once, as a form.

Pages send text; the API and the socket send JSON. WTForms alone accepts a number, a list or an object as text
and ignores unknown fields. JSON is therefore checked for its types first, and then validated by the same
fields and validators as a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
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
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from .db import INTEGER_MAX
from .errors import Invalid
from .text import clean_text, text_fault


def new_uuid() -> str:
    """Return a UUID for a form without JavaScript, so that pressing the button twice creates one card."""
    return str(uuid4())


def parse_uuid(text: Any) -> str | None:
    """Return *text* as a UUID is usually written; None when it is none."""
    try:
        return str(UUID(text))
    except (TypeError, ValueError, AttributeError):
        return None


def parse_number(text: str) -> int | None:
    """Return the id or number that an address or a page sent along; None when it is none."""
    # isdecimal() alone accepts Arabic digits, and converting a megabyte of digits takes minutes.
    return int(text) if len(text) < 19 and text.isascii() and text.isdecimal() else None


class Text(StringField):
    """Text of *min* to *max* code points, normalised; a single line unless *multiline*."""

    def __init__(
        self, label: Any = None, *, min: int = 0, max: int = 500, multiline: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.min, self.max, self.multiline = min, max, multiline
        if min:
            self.flags.required = True

    def check_json(self, value: Any) -> bool:
        return isinstance(value, str)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = clean_text(str(valuelist[0]), max_length=self.max)

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        fault = text_fault(text, max_length=self.max, multiline=self.multiline)
        if fault:
            raise StopValidation(fault)
        if len(text) < self.min:
            raise StopValidation(_("Write something here.") if not text else _("Write a little more here."))


class Uuid(Text):
    """A UUID made on the device, or by the server for a page without JavaScript."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, min=32, max=36, **kwargs)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        self.data = parse_uuid(self.data)
        if self.data is None:
            raise StopValidation(_("This is no UUID."))


class MultilineText(Text):
    """Text of several lines, shown as a text area."""

    widget = TextArea()

    def __init__(self, label: Any = None, *, max: int = 5000, **kwargs: Any) -> None:
        super().__init__(label, max=max, multiline=True, **kwargs)


class Upload(FileField):
    """A file of at most *max* bytes. The page checks the size before sending, and shows *too_large*."""

    def __init__(self, label: Any = None, *, max: int, too_large: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.render_kw = {"data-most": max, "data-too-large": too_large}

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        # A form that sends text under the field's name sends no file.
        super().process_formdata([value for value in valuelist if isinstance(value, FileStorage)])


class Number(IntegerField):
    """A whole number from *min* to *max*; empty is None, or an error when *required*."""

    def __init__(
        self,
        label: Any = None,
        *,
        min: int = 0,
        max: int = INTEGER_MAX,
        required: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.min, self.max, self.required = min, max, required
        if required:
            self.flags.required = True

    def check_json(self, value: Any) -> bool:
        # JSON's true is no number, but Python's True is an int.
        return isinstance(value, int) and not isinstance(value, bool)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        digits = raw.removeprefix("-")
        # isdecimal() alone accepts Arabic digits, and converting a megabyte of digits takes minutes.
        if len(raw) > 20 or not (digits.isascii() and digits.isdecimal()):
            raise ValueError(_("Write a whole number."))
        self.data = int(raw)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        if self.data is None:
            if self.required:
                raise StopValidation(_("Write a number here."))
            return
        if not self.min <= self.data <= self.max:
            if self.max == INTEGER_MAX:
                raise StopValidation(_("The number must be at least %(least)s.", least=self.min))
            raise StopValidation(
                _("The number must be between %(least)s and %(most)s.", least=self.min, most=self.max)
            )


class Flag(Field):
    """A boolean, from JSON or a check box."""

    def check_json(self, value: Any) -> bool:
        return isinstance(value, bool)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = bool(valuelist) and str(valuelist[0]).lower() in ("true", "1", "on", "y", "yes")


class Choice(SelectField):
    """One of a list of (value, label) pairs; not *required* when one of them means nothing chosen."""

    def __init__(
        self,
        label: Any = None,
        *,
        choices: Iterable[tuple[Any, Any]] = (),
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, choices=options(choices), **kwargs)
        if required:
            self.flags.required = True

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set the choices that are known only per request."""
        self.choices = options(choices)


class Choices(SelectMultipleField):
    """Any number of a list of (value, label) pairs, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, *, choices: Iterable[tuple[Any, Any]] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=options(choices), **kwargs)

    def offer(self, choices: Iterable[tuple[Any, Any]]) -> None:
        """Set the choices that are known only per request."""
        self.choices = options(choices)


def options(choices: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return (value, label) pairs as WTForms expects them from version 3.4 on."""
    return [SelectChoice(value, label) for value, label in choices]


class Day(DateField):
    """A date as browsers send it, 2026-09-01; empty is None."""

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
    """Rules for one kind of input from a page, the API or a socket. ``values`` are clean after validation."""

    _empty: ClassVar[dict[str, Any]]

    @classmethod
    def read_json(cls, payload: object) -> Self:
        """Return the validated form for a JSON *payload*; raise ``Invalid`` with the faulty fields."""
        if not isinstance(payload, Mapping):
            raise Invalid(message=_("An object with fields was expected."))
        fields = cls._fields_of_empty_form()
        faults: dict[str, str] = {}
        filled: MultiDict[str, str] = MultiDict()
        for name, value in payload.items():
            field = fields.get(name) if isinstance(name, str) else None
            if field is None:
                # The name comes from the sender: shorten it, and replace what cannot be encoded.
                shown = str(name)[:40].encode("utf-8", "replace").decode()
                faults[shown] = _("This field is not known here.")
            elif value is None:
                continue  # null means the same as a missing field
            elif not field.check_json(value):
                faults[name] = _("This field has the wrong type.")
            else:
                filled[name] = str(value)
        if faults:
            raise Invalid(faults)
        return cls(filled).checked()

    @classmethod
    def _fields_of_empty_form(cls) -> dict[str, Any]:
        """Return the fields of an empty form, made once per class and used only to check JSON types."""
        if "_empty" not in cls.__dict__:
            cls._empty = cls()._fields
        return cls._empty

    @classmethod
    def read_page(cls, form: MultiDict[str, str]) -> Self:
        """Return the validated form for a page's input; raise ``Invalid`` with the faulty fields."""
        return cls(form).checked()

    def checked(self) -> Self:
        """Return this form if it is valid; raise ``Invalid`` with the faulty fields if not."""
        if not self.validate():
            faults = {str(name): str(errors[0]) for name, errors in self.errors.items() if name and errors}  # type: ignore[index]
            raise Invalid(faults)
        return self

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.data)


class PageForm(FlaskForm):
    """Base of forms on staff pages: CSRF token, errors at their fields, and input that stays when refused."""

    class Meta(FlaskForm.Meta):
        locales = ("sv",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the submitted data without files under the names of fields that take none."""
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            files = [
                (name, file)
                for name, file in request.files.items(multi=True)
                if isinstance(form._fields.get(name), FileField)
            ]
            return CombinedMultiDict([MultiDict(files), request.form])

    @property
    def values(self) -> dict[str, Any]:
        """Return the input without the CSRF token, as arguments for an action."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}

    def fail(self, error: Invalid) -> None:
        """Show the errors that an action raised, each at its field."""
        for name, message in error.fields.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [*field.errors, message]
        if not error.fields:
            self.form_errors.append(error.message)
