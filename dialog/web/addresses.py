"""Numbers and paths in addresses: the converter of row ids, numbers in the query, and safe redirects."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.routing import IntegerConverter, ValidationError

from ..db import INTEGER_MAX
from ..errors import Invalid
from ..forms import parse_number

#: Characters of the longest path that a redirect goes to.
PATH_MAX = 2000


class BigIntConverter(IntegerConverter):
    """A converter of row ids; a number that no column can hold is an address that does not exist."""

    def to_python(self, value: str) -> int:
        if len(value) > 19 or not value.isascii():
            raise ValidationError
        number = int(super().to_python(value))
        if number > INTEGER_MAX:
            raise ValidationError
        return number


def query_number(name: str) -> int | None:
    """Return the number in the query field *name*; None when it is missing or no number."""
    return parse_number(request.args.get(name, ""))


def required_query_number(name: str, default: str = "") -> int:
    """Return the number in the query field *name*; raise ``Invalid`` when it is no number."""
    number = parse_number(request.args.get(name, default))
    if number is None:
        raise Invalid({name: "A whole number was expected."})
    return number


def local_path(target: str) -> str:
    """Return *target* if it is a path of ours, else the start page: open redirects help phishing."""
    if len(target) > PATH_MAX:
        return url_for("home.show")
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    if plain and not any(ord(char) < 32 for char in target):
        return target
    return url_for("home.show")
