"""Run an action with the form of a page, by the rules that the API and the socket use too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from ..errors import DialogError, NotFound
from ..forms import Rules


def submitted_fields(rules: type[Rules], **known: Any) -> MultiDict[str, str]:
    """Return the submitted values for the fields of *rules*; *known* comes from the address."""
    names = rules()._fields
    given: MultiDict[str, str] = MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if name in names
    )
    for name, value in known.items():
        given[name] = str(value)
    return given


def run_submitted(
    rules: type[Rules], action: Callable[[dict[str, Any]], object], **known: Any
) -> DialogError | None:
    """Call *action* with the submitted values; return the error that the page should show, or None.

    ``NotFound`` is raised, because it has a page of its own.
    """
    try:
        action(rules.read_page(submitted_fields(rules, **known)).values)
    except NotFound:
        raise
    except DialogError as error:
        return error
    return None
