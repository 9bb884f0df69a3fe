"""Name the tables of a meeting, and choose their focus areas."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from ..audit.actions import record
from ..db import write
from ..errors import Conflict
from ..people.models import User
from .activity_actions import lock_meeting_for
from .models import Meeting, TableArea


def change_tables(user: User, meeting: Meeting, changes: dict[int, dict[str, Any]]) -> None:
    """Set the name and the focus areas of tables, by the tables' ids. Cards keep the area they were given."""
    with write() as session:
        lock_meeting_for(session, user, meeting)
        if meeting.state == "closed":
            raise Conflict(message=_("The meeting is closed and can no longer be changed."))
        offered = {area.id for area in meeting.areas}
        for table in meeting.tables:
            if table.id not in changes:
                continue
            table.name = changes[table.id]["name"] or ""
            wanted = set(changes[table.id]["areas"] or ()) & offered
            there = {chosen.area_id: chosen for chosen in table.chosen_areas}
            table.chosen_areas = [there.get(number) or TableArea(area_id=number) for number in sorted(wanted)]
        record(session, user, "meeting.tables", meeting, organisation_id=meeting.dialogue.organisation_id)
