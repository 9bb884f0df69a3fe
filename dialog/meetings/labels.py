"""Names of forms of meeting, states and figures on pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FORM_LABELS = {
    "in_person": _l("In a room"),
    "online": _l("Online"),
    "hybrid": _l("In a room and online"),
}
STATE_LABELS = {
    "planned": _l("Planned"),
    "open": _l("Open now"),
    "closed": _l("Closed"),
}
BASIS_LABELS = {
    "counted": _l("Counted"),
    "estimated": _l("Estimated"),
    "unknown": _l("Nobody knows"),
}
