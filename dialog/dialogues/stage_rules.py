"""What a stage lets participants do: the words for it, and what each kind of stage begins with.

A method and a method file name them in a list, ``["write", "see"]``; a meeting's stage keeps each in a column
of its own, which alone decides.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

#: What participants may do in a stage, in the order it is shown.
PERMISSIONS = ("write", "see", "move", "vote", "chat")
PERMISSION_LABELS = {
    "write": _l("Participants write cards"),
    "see": _l("Participants see each other's cards"),
    "move": _l("Participants move cards between areas"),
    "vote": _l("Participants give dots"),
    "chat": _l("Participants chat and ask questions"),
}
#: The same in few words, for a line about a stage.
PERMISSION_WORDS = {
    "write": _l("write"),
    "see": _l("see each other's cards"),
    "move": _l("move cards"),
    "vote": _l("give dots"),
    "chat": _l("chat and ask"),
}

#: action: (write, see others' cards, move, vote, chat). A starting point; the stored flags decide.
DEFAULTS: dict[str, tuple[bool, bool, bool, bool, bool]] = {
    "present": (False, True, False, False, False),
    "collect": (True, True, False, False, True),
    "rotate": (False, True, False, False, False),
    "cluster": (False, True, True, False, True),
    "vote": (False, True, False, True, False),
    "confirm": (True, True, False, False, True),
    "close": (False, True, False, False, False),
}
#: Most stages in one meeting or method: more is a slip, and every one is drawn on one page.
MOST_STAGES = 40
MINUTES_MAX = 600
NAME_MAX, PROMPT_MAX, FOLLOW_UPS_MAX = 120, 1000, 2000


def allowed(step: dict[str, Any]) -> list[str]:
    """What participants may do in a method's stage: what it says itself, else what its action begins with."""
    if "may" in step:
        return [name for name in PERMISSIONS if name in step["may"]]
    defaults = DEFAULTS[step["action"]]
    return [name for name, lets in zip(PERMISSIONS, defaults, strict=True) if lets]


def asked(steps: list[dict[str, Any]], prompts: list[str]) -> list[tuple[str, str]]:
    """The question and the follow-up questions (one a line) of each stage, in order.

    A stage may bring its own. Those that collect and bring none take the next of *prompts* that no stage
    asks; what is left over then follows up the last of them, so that no question of a method is lost.
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
