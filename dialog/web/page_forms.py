"""Reading a page's form with the rules that the API and the socket use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from ..errors import DialogError, Invalid, NotFound
from ..forms import Rules, parse_number


def fields_of(rules: type[Rules], **known: Any) -> MultiDict[str, str]:
    """What the page sent for the fields of *rules*, without token and buttons; *known* is the address's."""
    names = rules()._fields
    given: MultiDict[str, str] = MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if name in names
    )
    for name, value in known.items():
        given[name] = str(value)
    return given


def submitted(
    rules: type[Rules], act: Callable[[dict[str, Any]], object], **known: Any
) -> DialogError | None:
    """Let *act* have what the page sent, read by *rules*; the refusal that the page should tell, or None.

    Errors: what is not there is not told on the page, but raised on.
    """
    try:
        act(rules.read_page(fields_of(rules, **known)).values)
    except NotFound:
        raise
    except DialogError as error:
        return error
    return None


def number_in_address(name: str) -> int | None:
    """Return the number that the address gives as *name*; None when there is none, or no number."""
    return parse_number(request.args.get(name, ""))


def required_number_in_address(name: str, default: str = "") -> int:
    """Return the number that the address gives as *name*; raise ``Invalid`` when it is no number."""
    number = parse_number(request.args.get(name, default))
    if number is None:
        raise Invalid({name: "A whole number was expected."})
    return number
