"""Numbers in addresses."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, ValidationError

from ..db import INTEGER_MAX


class Whole(IntegerConverter):
    """A row's number: one that no column can hold is an address that does not exist."""

    def to_python(self, value: str) -> int:
        if len(value) > 19 or not value.isascii():
            raise ValidationError
        number = int(super().to_python(value))
        if number > INTEGER_MAX:
            raise ValidationError
        return number
