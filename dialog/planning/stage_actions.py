"""Save a meeting's stages as the page has them: all of them, or none with the reason."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from ..audit.actions import record
from ..cards.stage_queries import count_cards_by_stage
from ..db import write
from ..dialogues.stage_forms import PERMISSION_FIELDS
from ..errors import Conflict, Invalid
from ..meetings.activity_actions import lock_meeting_for
from ..meetings.models import Meeting, Stage
from ..meetings.stages import number_rounds
from ..people.models import User

_FIELDS = ("name", "minutes", "prompt", "follow_ups", *PERMISSION_FIELDS)


def is_current(meeting: Meeting, stage: Stage) -> bool:
    """Return whether *stage* is going on."""
    return meeting.state == "open" and meeting.stage_id == stage.id


def stages_version(meeting: Meeting) -> str:
    """Return a checksum of the stages. A page sends it back when it saves, and so says what it showed."""
    rows = [[stage.id, *(getattr(stage, name) for name in _FIELDS)] for stage in meeting.stages]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def save_stages(user: User, meeting: Meeting, rows: list[tuple[str, dict[str, Any]]], seen: str) -> str:
    """Save *rows* (key and values, in order) as the stages; return the name of the stage that kept its rules.

    That is the current stage, if *rows* would change its rules; otherwise the text is empty. *seen* is the
    ``stages_version`` that the page showed. Raises ``Conflict`` when somebody changed the stages since or the
    meeting has closed, and ``Invalid`` when a stage would be removed that is going on or has cards.
    """
    with write() as session:
        # When two people save at the same time, the second waits here and then finds the first one's changes.
        lock_meeting_for(session, user, meeting)
        if meeting.state == "closed":
            raise Conflict(message=_("The meeting is closed and can no longer be changed."))
        if stages_version(meeting) != seen:
            raise Conflict(
                message=_(
                    "Somebody else changed the stages meanwhile. What you wrote is still here. Compare it "
                    "with how they are now, and save again if yours is to hold."
                )
            )
        stored = {str(stage.id): stage for stage in meeting.stages}
        counts = count_cards_by_stage(meeting.id)
        wanted = {key for key, _values in rows}
        refused = [
            reason
            for key, stage in stored.items()
            if key not in wanted and (reason := _reason_to_keep(meeting, stage, counts.get(stage.id, 0)))
        ]
        if refused:
            raise Invalid(message=" ".join(refused))
        settled = frozenset(stage.id for stage in meeting.stages if is_current(meeting, stage)) | set(counts)
        kept = ""
        stages: list[Stage] = []
        for position, (key, values) in enumerate(rows):
            stage = stored.get(key) or Stage(action=values["action"])
            stage.position = position
            for name in _FIELDS:
                if name not in values:
                    continue
                if name in PERMISSION_FIELDS and is_current(meeting, stage):
                    kept = stage.name if getattr(stage, name) != values[name] else kept
                    continue
                setattr(stage, name, values[name])
            stages.append(stage)
        number_rounds(stages, settled)
        meeting.stages = stages
        try:
            session.flush()
        except IntegrityError:
            raise Invalid(message=_("A stage that you removed is still needed by something else.")) from None
        record(
            session,
            user,
            "meeting.stages",
            meeting,
            organisation_id=meeting.dialogue.organisation_id,
            stages=len(stages),
        )
    return kept


def _reason_to_keep(meeting: Meeting, stage: Stage, cards: int) -> str:
    """Return why *stage* cannot be removed; empty when it can."""
    if is_current(meeting, stage):
        return _(
            "«%(stage)s» is going on, so it cannot be removed. Go on to another stage first.",
            stage=stage.name,
        )
    if meeting.grace_stage_id == stage.id:
        return _(
            "«%(stage)s» has just ended and somebody may still be finishing a card. Try again in a minute.",
            stage=stage.name,
        )
    if cards:
        return ngettext(
            "%(num)s card was written in «%(stage)s», so it cannot be removed: the card says where it came "
            "from. Rename it, or put it last.",
            "%(num)s cards were written in «%(stage)s», so it cannot be removed: the cards say where they "
            "came from. Rename it, or put it last.",
            cards,
            stage=stage.name,
        )
    return ""
