"""Names of card codes, as message ids: a report may be in another language than the page."""

from __future__ import annotations

from ..translations import N_

#: How a card came in, in the order that channels are shown.
CHANNELS = {
    "live": N_("In the room"),
    "online": N_("Online"),
    "paper": N_("On paper"),
    "interview": N_("In interviews"),
    "import": N_("From earlier notes"),
}
