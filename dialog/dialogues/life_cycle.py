"""The life cycle of a dialogue: which state may follow, and what must be true before it does.

A dialogue goes one step at a time, so that nothing is skipped unseen, and may go one step back when somebody
was too quick. It can be cancelled at any time with a reason that everybody may read, and be taken up again as
a proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from .meeting_list import MeetingSummary
from .models import STATES, Dialogue

CANCELLED = "cancelled"
#: The level that promises no influence, and so needs nothing that can be influenced.
INFORMATION = "information"


def following(dialogue: Dialogue) -> str | None:
    """The state that comes next, if any."""
    return _neighbour(dialogue, 1)


def preceding(dialogue: Dialogue) -> str | None:
    """The state before this one; for a cancelled dialogue, the one in which it is taken up again."""
    return STATES[0] if dialogue.state == CANCELLED else _neighbour(dialogue, -1)


def may_cancel(dialogue: Dialogue) -> bool:
    """What is completed stays completed."""
    return dialogue.state not in (CANCELLED, "closed")


def reachable(dialogue: Dialogue) -> set[str]:
    """Every state the dialogue may be moved to from where it is."""
    steps = {following(dialogue), preceding(dialogue), CANCELLED if may_cancel(dialogue) else None}
    return {state for state in steps if state is not None}


def lacking(dialogue: Dialogue, state: str, meetings: Sequence[MeetingSummary]) -> list[str]:
    """What is still missing before *dialogue* may enter *state*, one sentence each; empty when nothing is."""
    rules: dict[str, Callable[[Dialogue], list[str]]] = {
        "commissioned": _lacking_for_assignment,
        "planned": _lacking_for_plan,
        "invited": lambda _dialogue: _lacking_for_invitation(meetings),
        "running": lambda _dialogue: _lacking_for_running(meetings),
        "collected": lambda _dialogue: _lacking_for_collected(meetings),
    }
    rule = rules.get(state)
    return rule(dialogue) if rule is not None else []


def _lacking_for_assignment(dialogue: Dialogue) -> list[str]:
    """Uppdrag: the body has said what is asked, of whom, at which level, and when it will decide."""
    informs = dialogue.level is not None and dialogue.level.code == INFORMATION
    return _sentences(
        (dialogue.body_id is not None, _("Say which body gives the assignment.")),
        (dialogue.level_id is not None, _("Choose a level of participation.")),
        (bool(dialogue.target_group), _("Say whom the dialogue is for.")),
        (
            informs or bool(dialogue.can_influence),
            _("Say what can be influenced. If nothing can, choose the level for information."),
        ),
        (bool(dialogue.cannot_influence), _("Say what cannot be influenced.")),
        (dialogue.decision_date is not None, _("Say when the decision is to be made.")),
        (bool(dialogue.case_number), _("Write the case number.")),
    )


def _lacking_for_plan(dialogue: Dialogue) -> list[str]:
    return _sentences(
        (dialogue.official_id is not None, _("Say which official is responsible.")),
        (bool(dialogue.chosen_areas), _("Choose at least one focus area.")),
    )


def _lacking_for_invitation(meetings: Sequence[MeetingSummary]) -> list[str]:
    dated = any(meeting.starts_at is not None for meeting in meetings)
    return _sentences((dated, _("Plan a meeting with a date.")))


def _lacking_for_running(meetings: Sequence[MeetingSummary]) -> list[str]:
    begun = any(meeting.state != "planned" for meeting in meetings)
    return _sentences((begun, _("Open a meeting.")))


def _lacking_for_collected(meetings: Sequence[MeetingSummary]) -> list[str]:
    return _sentences(
        (any(meeting.state == "closed" for meeting in meetings), _("Close a meeting.")),
        (all(meeting.state != "open" for meeting in meetings), _("Close the meeting that is still open.")),
    )


def _sentences(*rules: tuple[bool, str]) -> list[str]:
    return [sentence for holds, sentence in rules if not holds]


def _neighbour(dialogue: Dialogue, step: int) -> str | None:
    if dialogue.state == CANCELLED:
        return None
    place = STATES.index(dialogue.state) + step
    return STATES[place] if 0 <= place < len(STATES) else None
