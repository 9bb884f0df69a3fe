"""Words that several kinds of document use, as message ids.

A document may be in another language than the page, so they are translated when it is made.
"""

from __future__ import annotations

from ..translations import N_

#: Names of the forms of a meeting in a document.
FORMS = {"in_person": N_("In person"), "online": N_("Online"), "hybrid": N_("In person and online")}
NOT_STATED = N_("not stated")
