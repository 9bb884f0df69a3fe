"""What a stage lets participants do unless the moderator decided otherwise."""

from __future__ import annotations

from typing import Any

from .models import Stage

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


def make_stages(steps: list[dict[str, Any]], prompts: list[str]) -> list[Stage]:
    """Stages from a method's steps; each that collects takes the next prompt and the next round number."""
    waiting = list(prompts)
    stages: list[Stage] = []
    rounds = 0
    for position, step in enumerate(steps):
        write, see, move, vote, chat = DEFAULTS[step["action"]]
        collects = step["action"] == "collect"
        rounds += collects
        stages.append(
            Stage(
                position=position,
                name=step["name"],
                action=step["action"],
                minutes=step["minutes"],
                prompt=waiting.pop(0) if collects and waiting else "",
                round=rounds if collects else None,
                may_write=write,
                may_see=see,
                may_move=move,
                may_vote=vote,
                may_chat=chat,
            )
        )
    return stages
