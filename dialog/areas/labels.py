"""Translated labels of the states and colours of an area."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATUS_LABELS = {
    "active": _l("Active"),
    "resting": _l("Resting"),
    "ended": _l("Ended"),
}
#: Labels of the CSS tokens ``--area-1`` to ``--area-12``.
COLOUR_LABELS = {
    1: _l("Blue"),
    2: _l("Orange"),
    3: _l("Green"),
    4: _l("Pink"),
    5: _l("Yellow"),
    6: _l("Violet"),
    7: _l("Turquoise"),
    8: _l("Red"),
    9: _l("Olive green"),
    10: _l("Light blue"),
    11: _l("Brown"),
    12: _l("Grey"),
}
