"""The style sheet of an organisation: its colour, and what domains above this one add.

Colours cannot stand in the pages themselves, since the content security policy allows no inline style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .colour import is_colour
from .models import Organisation

#: Gives the lines that a domain adds for the organisation with this number.
Lines = Callable[[int], Iterable[str]]

_more: list[Lines] = []


def add_lines(lines: Lines) -> Lines:
    """Let a domain above this one add to every organisation's style sheet."""
    if lines not in _more:
        _more.append(lines)
    return lines


def style_sheet(organisation: Organisation) -> str:
    """The text of ``/theme/<id>.css``."""
    lines = [f":root{{--brand:{organisation.colour}}}"] if is_colour(organisation.colour) else []
    for more in _more:
        lines.extend(more(organisation.id))
    return "".join(f"{line}\n" for line in lines)
