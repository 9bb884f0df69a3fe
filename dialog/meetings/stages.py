"""A meeting's stages, made from the steps of a method."""

from __future__ import annotations

from typing import Any

from ..dialogues.stage_rules import DEFAULT_PERMISSIONS, PERMISSIONS, stage_permissions, stage_prompts
from .models import Stage

__all__ = ["DEFAULT_PERMISSIONS", "make_stages", "number_rounds"]


def make_stages(steps: list[dict[str, Any]], prompts: list[str]) -> list[Stage]:
    """Return stages made of a method's steps. Those that collect cards are numbered as rounds."""
    stages: list[Stage] = []
    for position, (step, (prompt, follow_ups)) in enumerate(
        zip(steps, stage_prompts(steps, prompts), strict=True)
    ):
        may = stage_permissions(step)
        stages.append(
            Stage(
                position=position,
                name=step["name"],
                action=step["action"],
                minutes=step["minutes"],
                prompt=prompt,
                follow_ups=follow_ups,
                holds=bool(step.get("holds", False)),
                **{f"may_{name}": name in may for name in PERMISSIONS},
            )
        )
    number_rounds(stages)
    return stages


def number_rounds(stages: list[Stage], settled: frozenset[int] = frozenset()) -> None:
    """Count the stages that collect. Those in *settled* (ids) keep their number: their cards carry it."""
    rounds = 0
    for stage in stages:
        if stage.id is not None and stage.id in settled:
            rounds = max(rounds, stage.round or 0)
        elif stage.action == "collect":
            rounds += 1
            stage.round = rounds
        else:
            stage.round = None
