"""What the codes in a snapshot are called, as English message ids."""

from __future__ import annotations

from ..cards.labels import CHANNELS, N_

__all__ = [
    "CHANNELS",
    "FORMS",
    "NOT_STATED",
    "NO_AREA",
    "NO_CONCLUSIONS",
    "N_",
    "PLACEMENTS",
    "SELF_SELECTED",
]

FORMS = {"in_person": N_("In person"), "online": N_("Online"), "hybrid": N_("In person and online")}
PLACEMENTS = {
    "author": N_("Placed by the writer"),
    "staff": N_("Placed by the municipality"),
    "example": N_("Our example placement"),
}
NOT_STATED = N_("not stated")
NO_AREA = N_("No area")
SELF_SELECTED = N_(
    "Those who took part chose to do so themselves. The cards show the breadth of what people think, "
    "not how large a share thinks what."
)
NO_CONCLUSIONS = N_(
    "This report draws no conclusions: the cards are sorted by focus area and shown as they were written."
)
