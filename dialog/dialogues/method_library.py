"""The library of methods, the kinds of card and the participation levels that Dialog brings along.

The files in ``data/`` are the product's own. ``actions`` and ``from`` in them are the mapping from the many
words that descriptions of methods use to the few that Dialog knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..people.models import Organisation
from ..people.organisation_actions import add_default_notices
from .models import CardKind, Method, ParticipationLevel
from .stage_rules import PERMISSIONS

DATA = Path(__file__).parent / "data"
#: What a stage can be; chooses what participants may do unless the moderator decides otherwise.
ACTIONS = ("present", "collect", "rotate", "cluster", "vote", "confirm", "close")
#: What a stage says, and what it may say besides.
_NEEDED, _MORE = {"name", "minutes", "action"}, {"prompt", "follow_ups", "may", "holds"}


@dataclass(frozen=True)
class Template:
    """A method as it stands in the data file, checked."""

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
    """Every kind of card: ``code``, two labels, and ``from``, the words it stands for."""
    kinds: list[dict[str, Any]] = _read("card_kinds.json")
    words = [word for kind in kinds for word in kind["from"]]
    _hold(len(words) == len(set(words)), "a word stands for two kinds of card")
    _hold(len({kind["code"] for kind in kinds}) == len(kinds), "a kind of card is there twice")
    return kinds


@cache
def levels() -> list[dict[str, Any]]:
    """The steps of the participation ladder, the lowest first."""
    found: list[dict[str, Any]] = _read("levels.json")
    return found


@cache
def stage_actions() -> dict[str, dict[str, Any]]:
    """For each action what it means, and ``from``, the words it stands for."""
    actions: dict[str, dict[str, Any]] = _read("methods.json")["actions"]
    _hold(tuple(actions) == ACTIONS, "the actions differ from those the code knows")
    return actions


@cache
def templates() -> list[Template]:
    """All methods, checked against kinds, levels and actions; ``ValueError`` when the data is wrong."""
    kinds = {kind["code"] for kind in card_kinds()}
    ladder = {level["code"] for level in levels()}
    known = {item.name for item in fields(Template)}
    found: list[Template] = []
    for raw in _read("methods.json")["methods"]:
        _hold(set(raw) <= known, f"{raw['key']} has fields that nobody reads")
        method = Template(**raw)
        _hold(bool(method.stages and method.kinds and method.roles), f"{method.key} is not complete")
        _hold(set(method.kinds) <= kinds, f"{method.key} asks for an unknown kind of card")
        _hold(set(method.levels) <= ladder, f"{method.key} stands on an unknown level")
        for stage in method.stages:
            _hold(_NEEDED <= set(stage) <= _NEEDED | _MORE, f"{method.key} has an odd stage")
            _hold(set(stage.get("may", ())) <= set(PERMISSIONS), f"{method.key} allows something unknown")
            _hold(stage["action"] in stage_actions(), f"{method.key} has a stage with an unknown action")
            _hold(stage["minutes"] is None or 0 < stage["minutes"] <= 600, f"{method.key} has an odd length")
        found.append(method)
    _hold(len({method.key for method in found}) == len(found), "a method is there twice")
    return found


def seed_kinds(session: Session) -> None:
    """Add the kinds of card that are missing; what is there stays as it is."""
    there = set(session.scalars(select(CardKind.code)))
    for position, kind in enumerate(card_kinds()):
        if kind["code"] not in there:
            session.add(
                CardKind(
                    code=kind["code"],
                    label_sv=kind["label_sv"],
                    label_en=kind["label_en"],
                    position=position,
                )
            )
    session.flush()


def seed_organisation(session: Session, organisation: Organisation) -> None:
    """Give a new organisation its levels, methods and notices, inside the caller's transaction.

    May be called again after an upgrade: adds what is missing and leaves what the organisation changed.
    """
    session.flush()
    seed_kinds(session)
    add_default_notices(session, organisation)
    steps = select(ParticipationLevel.code).where(ParticipationLevel.organisation_id == organisation.id)
    there = set(session.scalars(steps))
    for position, level in enumerate(levels()):
        if level["code"] not in there:
            session.add(ParticipationLevel(organisation_id=organisation.id, position=position, **level))
    there = set(session.scalars(select(Method.key).where(Method.organisation_id == organisation.id)))
    for method in templates():
        if method.key not in there:
            session.add(_row(method, organisation))
    session.flush()


def _row(method: Template, organisation: Organisation) -> Method:
    per_table = method.size.get("per_table") or (None, None)
    return Method(
        organisation_id=organisation.id,
        key=method.key,
        name_sv=method.name_sv,
        name_en=method.name_en,
        purpose=method.purpose,
        levels=list(method.levels),
        size_min=method.size["min"],
        size_ideal=method.size["ideal"],
        size_max=method.size["max"],
        per_table_min=per_table[0],
        per_table_max=per_table[1],
        roles=list(method.roles),
        stages=[dict(stage) for stage in method.stages],
        prompts=list(method.prompts),
        kinds=list(method.kinds),
        harvest=method.harvest,
        basis=method.basis,
        online=method.online,
    )


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _hold(right: bool, otherwise: str) -> None:
    if not right:
        raise ValueError(f"The data of the methods library is wrong: {otherwise}.")
