"""Labels of the codes in a snapshot, as English message ids."""

from __future__ import annotations

from ..translations import N_

PLACEMENTS = {
    "author": N_("Placed by the writer"),
    "staff": N_("Placed by the municipality"),
    "example": N_("Our example placement"),
}
NO_AREA = N_("No area")
SELF_SELECTED = N_(
    "Those who took part chose to do so themselves. The cards show the breadth of what people think, "
    "not how large a share thinks what."
)
NO_CONCLUSIONS = N_(
    "This report draws no conclusions: the cards are sorted by focus area and shown as they were written."
)
