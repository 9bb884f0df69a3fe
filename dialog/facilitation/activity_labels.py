"""Labels for the activity log: what each act did, as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ..meetings.models import Activity, Meeting, Table

#: Projector view to its label on the buttons.
DISPLAY_LABELS: dict[str, Callable[[], str]] = {
    "auto": lambda: _("follows the stages"),
    "join": lambda: _("how to join"),
    "question": lambda: _("the question"),
    "wall": lambda: _("the wall"),
    "results": lambda: _("the results"),
}


def describe_act(act: Activity, meeting: Meeting) -> str:
    """Return what was done, without naming anybody or quoting what anybody wrote."""
    details = act.details
    if act.what == "meeting.stage":
        return _("Started %(stage)s", stage=_stage_label(meeting, details["stage"]))
    if act.what == "timer.extend":
        return ngettext("%(num)s minute more", "%(num)s minutes more", details["minutes"])
    if act.what == "display.show":
        return _("Projector: %(what)s", what=DISPLAY_LABELS[details["after"]]())
    if act.what == "cards.intake":
        return ngettext("Took in %(num)s note", "Took in %(num)s notes", len(details["cards"]))
    if act.what == "cards.reveal":
        return ngettext("Revealed %(num)s card", "Revealed %(num)s cards", len(details["cards"]))
    if act.what.startswith("interview."):
        return _consent_label(act.what, details)
    if act.what.startswith("message."):
        return _message_label(act.what, details, meeting)
    if act.what == "place.device":
        table = details["moved"][0][2]
        if table is None:
            return _("Took a device from its table")
        return _("Sent a device to %(table)s", table=_table_label(meeting, table))
    if act.what in ("place.even", "place.mix"):
        return ngettext(
            "Sent %(num)s device to another table",
            "Sent %(num)s devices to other tables",
            len(details["moved"]),
        )
    return {
        "meeting.close": lambda: _("Closed the meeting"),
        "timer.pause": lambda: _("Paused the time"),
        "timer.resume": lambda: _("Let the time go on"),
        "timer.restart": lambda: _("Started the time over"),
        "lock.on": lambda: _("Locked"),
        "lock.off": lambda: _("Unlocked"),
        "participant.remove": lambda: _("Removed a device"),
        "card.hide": lambda: _("Hid a card"),
        "card.restore": lambda: _("Showed a hidden card again"),
        "card.approve": lambda: _("Approved a card"),
        "card.move": lambda: _("Moved a card"),
    }.get(act.what, lambda: act.what)()


def _consent_label(what: str, details: dict[str, Any]) -> str:
    number, cards = details["number"], details["cards"]
    if what == "interview.withdraw":
        return ngettext(
            "Participant %(number)s took back their consent: %(num)s card hidden",
            "Participant %(number)s took back their consent: %(num)s cards hidden",
            cards,
            number=number,
        )
    return ngettext(
        "Participant %(number)s said yes again: %(num)s card shown",
        "Participant %(number)s said yes again: %(num)s cards shown",
        cards,
        number=number,
    )


def _message_label(what: str, details: dict[str, Any], meeting: Meeting) -> str:
    table = details["table"]
    if what == "message.end":
        return _("Took a message away")
    if table is None:
        return _("Said something to everybody")
    return _("Said something to %(table)s", table=_table_label(meeting, table))


def _stage_label(meeting: Meeting, stage_id: int | None) -> str:
    return next((stage.name for stage in meeting.stages if stage.id == stage_id), _("a stage"))


def _table_label(meeting: Meeting, table_id: int) -> str:
    table = next((table for table in meeting.tables if table.id == table_id), None)
    if table is None:
        return _("a table")
    return table_name(table)


def table_name(table: Table) -> str:
    """Return the table's own name, or «Table» with its number."""
    return table.name or _("Table %(number)s", number=table.number)
