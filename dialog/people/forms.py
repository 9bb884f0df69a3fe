"""Forms for people and organisations."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import EmailInput

from ..forms import Choice, Choices, MultilineText, PageForm, Text
from . import colour, passwords
from .labels import BODY_KIND_LABELS, ROLE_LABELS

#: Catches typing errors only; whether an address works is for its owner to know.
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def address(_form: Any, field: Any) -> None:
    """Validate that the field looks like an e-mail address."""
    if not _ADDRESS.fullmatch(field.data or ""):
        raise ValidationError(_("Write an e-mail address, such as name@kommun.se."))


class SecretField(PasswordField):
    """A password field: accepted exactly as typed, and never sent back to the browser."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise StopValidation(_("Write the password here."))
        if len(self.data) > passwords.MAX_LENGTH:
            # argon2 takes long for a megabyte.
            raise StopValidation(_("That is more than can be sent at once."))


class SignInForm(PageForm):
    email = Text(_l("E-mail"), min=1, max=254, widget=EmailInput())
    password = SecretField(_l("Password"))
    next = HiddenField()


class PasswordForm(PageForm):
    current = SecretField(_l("Your password today"))
    password = SecretField(_l("New password"))
    again = SecretField(_l("New password once more"))

    def validate_password(self, field: Any) -> None:
        if len(field.data) < passwords.MIN_LENGTH:
            raise ValidationError(
                _("The password needs at least %(least)s characters.", least=passwords.MIN_LENGTH)
            )

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two new passwords differ."))


class UserForm(PageForm):
    """A user's name, address and roles."""

    name = Text(_l("Name"), min=1, max=120)
    email = Text(_l("E-mail"), min=1, max=254, widget=EmailInput(), validators=[address])
    roles = Choices(_l("Roles"), choices=ROLE_LABELS.items())

    def validate_roles(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one role."))


class OrganisationForm(PageForm):
    name = Text(_l("Name"), min=1, max=200)
    colour = Text(_l("Colour"), max=7)

    def validate_colour(self, field: Any) -> None:
        text = (field.data or "").lower()
        if not text:
            return
        if not colour.is_colour(text):
            raise ValidationError(_("Write the colour as # and six characters, such as #0f4c5c."))
        contrast = colour.contrast_with_white(text)
        if contrast < colour.MIN_CONTRAST:
            raise ValidationError(
                _(
                    "White text on this colour is hard to read: the contrast is %(contrast)s to 1 and needs "
                    "to be 4.5 to 1. Choose a darker colour.",
                    contrast=f"{contrast:.1f}",
                )
            )
        field.data = text


class BodyForm(PageForm):
    name = Text(_l("Name"), min=1, max=200)
    kind = Choice(_l("Kind of body"), choices=BODY_KIND_LABELS.items(), default="committee")


def _passage(label: Any) -> MultilineText:
    return MultilineText(label, min=1, max=10_000)


class NoticesForm(PageForm):
    """Both notices in one form, so that saving one loses nothing that was typed in the other."""

    controller = _passage(_l("Who is responsible for the personal data"))
    purpose = _passage(_l("What we do with what you write"))
    legal_basis = _passage(_l("Legal basis"))
    retention = _passage(_l("How long it is kept"))
    contact = _passage(_l("Contact and your rights"))
    conformance = _passage(_l("How accessible the service is"))
    known_gaps = _passage(_l("Known shortcomings"))
    how_tested = _passage(_l("How it was tested"))
    help = _passage(_l("If something does not work for you"))

    #: Maps field names of the form to columns, for each of the two notices.
    PRIVACY = {name: name for name in ("controller", "purpose", "legal_basis", "retention", "contact")}
    ACCESSIBILITY = {
        "conformance": "conformance",
        "known_gaps": "known_gaps",
        "how_tested": "how_tested",
        "help": "contact",
    }

    def texts(self, names: dict[str, str]) -> dict[str, str]:
        """Return the submitted texts by column."""
        return {column: str(self[field].data) for field, column in names.items()}
