"""Forms for joining: the same rules for page, API and socket."""

from __future__ import annotations

from ..errors import Invalid
from ..forms import Flag, Number, Rules, Text


class Join(Rules):
    """``code`` in a room, or ``meeting`` for an open online one; ``name`` only where it asks."""

    code = Text(max=40)
    meeting = Number(min=1)
    name = Text(max=80)


class Handshake(Rules):
    """The ``auth`` of a socket: one of ``token``, ``meeting`` (with our cookie) or ``display``."""

    token = Text(max=200)
    meeting = Number(min=1)
    display = Text(max=200)
    #: From our own page, where the browser sends no Origin.
    ticket = Text(max=300)
    #: Which of a browser's two cookies counts, where somebody of the staff also takes part.
    as_participant = Flag()
    html = Flag()


class JoinPage(Rules):
    """The join page: a name where the meeting asks, a table's number on a tablet that the table shares."""

    name = Text(max=80)
    table_number = Number(min=1)

    def fail(self, error: Invalid) -> None:
        """Show an action's refusal at its field."""
        for message in error.fields.values():
            self.table_number.errors = [*self.table_number.errors, message]
