"""The methods, kinds of card and participation levels that Dialog brings along, read from ``data/``.

``actions`` and ``from`` in those files map the words of method descriptions to the few that Dialog knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from .stage_rules import PERMISSIONS

DATA = Path(__file__).parent / "data"
#: The actions of a stage. An action sets what participants may do, unless the moderator decides otherwise.
ACTIONS = ("present", "collect", "rotate", "cluster", "vote", "confirm", "close")
#: Required and optional fields of a stage.
_REQUIRED, _OPTIONAL = {"name", "minutes", "action"}, {"prompt", "follow_ups", "may", "holds"}


@dataclass(frozen=True)
class MethodTemplate:
    """A method as the data file describes it, after the checks."""

    key: str
    name_sv: str
    name_en: str
    purpose: str
    levels: list[str]
    size: dict[str, Any]
    roles: list[str]
    stages: list[dict[str, Any]]
    prompts: list[str]
    kinds: list[str]
    harvest: str
    basis: str
    online: bool = False


@cache
def card_kinds() -> list[dict[str, Any]]:
    """Return the kinds of card: ``code``, two labels, and ``from``, the words that mean this kind."""
    kinds: list[dict[str, Any]] = _read("card_kinds.json")
    words = [word for kind in kinds for word in kind["from"]]
    _check(len(words) == len(set(words)), "a word stands for two kinds of card")
    _check(len({kind["code"] for kind in kinds}) == len(kinds), "a kind of card is there twice")
    return kinds


@cache
def levels() -> list[dict[str, Any]]:
    """Return the steps of the participation ladder, the lowest first."""
    found: list[dict[str, Any]] = _read("levels.json")
    return found


@cache
def stage_actions() -> dict[str, dict[str, Any]]:
    """Return the meaning of each action, and ``from``, the words that mean this action."""
    actions: dict[str, dict[str, Any]] = _read("methods.json")["actions"]
    _check(tuple(actions) == ACTIONS, "the actions differ from those the code knows")
    return actions


@cache
def templates() -> list[MethodTemplate]:
    """Return all methods; raise ``ValueError`` when one has unknown kinds, levels, actions or fields."""
    kinds = {kind["code"] for kind in card_kinds()}
    ladder = {level["code"] for level in levels()}
    known = {item.name for item in fields(MethodTemplate)}
    found: list[MethodTemplate] = []
    for raw in _read("methods.json")["methods"]:
        _check(set(raw) <= known, f"{raw['key']} has fields that nobody reads")
        method = MethodTemplate(**raw)
        _check(bool(method.stages and method.kinds and method.roles), f"{method.key} is not complete")
        _check(set(method.kinds) <= kinds, f"{method.key} asks for an unknown kind of card")
        _check(set(method.levels) <= ladder, f"{method.key} stands on an unknown level")
        for stage in method.stages:
            _check(_REQUIRED <= set(stage) <= _REQUIRED | _OPTIONAL, f"{method.key} has an odd stage")
            _check(set(stage.get("may", ())) <= set(PERMISSIONS), f"{method.key} allows something unknown")
            _check(stage["action"] in stage_actions(), f"{method.key} has a stage with an unknown action")
            _check(stage["minutes"] is None or 0 < stage["minutes"] <= 600, f"{method.key} has an odd length")
        found.append(method)
    _check(len({method.key for method in found}) == len(found), "a method is there twice")
    return found


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _check(is_valid: bool, problem: str) -> None:
    if not is_valid:
        raise ValueError(f"The data of the methods library is wrong: {problem}.")
