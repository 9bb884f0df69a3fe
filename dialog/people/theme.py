"""The style sheet of an organisation: its colour, and rules that higher layers register.

Pages cannot carry colours themselves, because the content security policy allows no inline styles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .colour import is_colour
from .models import Organisation

#: Returns the CSS rules of a higher layer for the organisation with an id.
RuleSource = Callable[[int], Iterable[str]]

_sources: list[RuleSource] = []


def register_rules(source: RuleSource) -> None:
    """Include the rules of *source* in every organisation's style sheet."""
    if source not in _sources:
        _sources.append(source)


def style_sheet(organisation: Organisation) -> str:
    """Return the text of ``/theme/<id>.css``."""
    lines = [f":root{{--brand:{organisation.colour}}}"] if is_colour(organisation.colour) else []
    for source in _sources:
        lines.extend(source(organisation.id))
    return "".join(f"{line}\n" for line in lines)
