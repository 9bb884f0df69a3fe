"""The life cycle of a dialogue: its transitions between states, and the requirements of each state.

A dialogue moves one state at a time, so that no state is skipped by accident, and can move one state back. It
can be cancelled at any time with a public reason, and be taken up again as a proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from .meeting_list import MeetingSummary
from .models import STATES, Dialogue

CANCELLED = "cancelled"
#: Code of the level that promises no influence; it requires nothing that can be influenced.
INFORMATION = "information"


def next_state(dialogue: Dialogue) -> str | None:
    """Return the state that comes next; None at the end."""
    return _neighbour(dialogue, 1)


def previous_state(dialogue: Dialogue) -> str | None:
    """Return the previous state; for a cancelled dialogue, the state in which it is taken up again."""
    return STATES[0] if dialogue.state == CANCELLED else _neighbour(dialogue, -1)


def may_cancel(dialogue: Dialogue) -> bool:
    """Return whether the dialogue can be cancelled: a completed one cannot."""
    return dialogue.state not in (CANCELLED, "closed")


def reachable_states(dialogue: Dialogue) -> set[str]:
    """Return the states that the dialogue may be moved to."""
    steps = {next_state(dialogue), previous_state(dialogue), CANCELLED if may_cancel(dialogue) else None}
    return {state for state in steps if state is not None}


def missing_requirements(dialogue: Dialogue, state: str, meetings: Sequence[MeetingSummary]) -> list[str]:
    """Return what *dialogue* lacks to enter *state*, one sentence each; empty when nothing is missing."""
    rules: dict[str, Callable[[Dialogue], list[str]]] = {
        "commissioned": _missing_for_assignment,
        "planned": _missing_for_plan,
        "invited": lambda _dialogue: _missing_for_invitation(meetings),
        "running": lambda _dialogue: _missing_for_running(meetings),
        "collected": lambda _dialogue: _missing_for_collected(meetings),
    }
    rule = rules.get(state)
    return rule(dialogue) if rule is not None else []


def _missing_for_assignment(dialogue: Dialogue) -> list[str]:
    """Check the assignment (uppdrag): question, participants, level, and when the body decides."""
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


def _missing_for_plan(dialogue: Dialogue) -> list[str]:
    return _sentences(
        (dialogue.official_id is not None, _("Say which official is responsible.")),
        (bool(dialogue.chosen_areas), _("Choose at least one focus area.")),
    )


def _missing_for_invitation(meetings: Sequence[MeetingSummary]) -> list[str]:
    dated = any(meeting.starts_at is not None for meeting in meetings)
    return _sentences((dated, _("Plan a meeting with a date.")))


def _missing_for_running(meetings: Sequence[MeetingSummary]) -> list[str]:
    begun = any(meeting.state != "planned" for meeting in meetings)
    return _sentences((begun, _("Open a meeting.")))


def _missing_for_collected(meetings: Sequence[MeetingSummary]) -> list[str]:
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
