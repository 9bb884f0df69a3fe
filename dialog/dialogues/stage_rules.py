"""Permissions of participants in a stage: their names, and the defaults of each action.

Methods and method files list them, ``["write", "see"]``. A meeting's stage has a column for each, and only
these columns decide.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

#: Permissions in the order they are shown.
PERMISSIONS = ("write", "see", "move", "vote", "chat")
PERMISSION_LABELS = {
    "write": _l("Participants write cards"),
    "see": _l("Participants see each other's cards"),
    "move": _l("Participants move cards between areas"),
    "vote": _l("Participants give dots"),
    "chat": _l("Participants chat and ask questions"),
}
#: Short labels, for one line about a stage.
PERMISSION_WORDS = {
    "write": _l("write"),
    "see": _l("see each other's cards"),
    "move": _l("move cards"),
    "vote": _l("give dots"),
    "chat": _l("chat and ask"),
}

#: Action to defaults, in the order of ``PERMISSIONS``. The columns of the stored stage decide.
DEFAULT_PERMISSIONS: dict[str, tuple[bool, bool, bool, bool, bool]] = {
    "present": (False, True, False, False, False),
    "collect": (True, True, False, False, True),
    "rotate": (False, True, False, False, False),
    "cluster": (False, True, True, False, True),
    "vote": (False, True, False, True, False),
    "confirm": (True, True, False, False, True),
    "close": (False, True, False, False, False),
}
#: Maximum number of stages in one meeting or method, which one page shows.
MAX_STAGES = 40
MINUTES_MAX = 600
NAME_MAX, PROMPT_MAX, FOLLOW_UPS_MAX = 120, 1000, 2000


def stage_permissions(step: dict[str, Any]) -> list[str]:
    """Return the permissions of a method's stage: its own list, else the defaults of its action."""
    if "may" in step:
        return [name for name in PERMISSIONS if name in step["may"]]
    defaults = DEFAULT_PERMISSIONS[step["action"]]
    return [name for name, lets in zip(PERMISSIONS, defaults, strict=True) if lets]


def stage_prompts(steps: list[dict[str, Any]], prompts: list[str]) -> list[tuple[str, str]]:
    """Return the question and the follow-up questions (one a line) of each stage, in order.

    A stage may have its own question. A collecting stage without one takes the next of *prompts* that no
    stage asks. The remaining prompts become follow-up questions of the last collecting stage.
    """
    taken = {step.get("prompt", "") for step in steps}
    taken |= {line for step in steps for line in step.get("follow_ups", [])}
    waiting = [prompt for prompt in prompts if prompt not in taken]
    found: list[tuple[str, list[str]]] = []
    last = None
    for place, step in enumerate(steps):
        prompt = step.get("prompt", "")
        if step["action"] == "collect":
            if "prompt" not in step and waiting:
                prompt = waiting.pop(0)
            last = place if prompt else last
        found.append((prompt, list(step.get("follow_ups", []))))
    if last is not None:
        found[last][1].extend(waiting)
    return [(prompt, "\n".join(follow_ups)) for prompt, follow_ups in found]
