"""``dialog bench large``: what a full meeting costs beside a nearly empty one, in turns, in one run."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack

import click

from ..config import ROOT
from .inside import Official, filled
from .results import Figures, medians, show, write_down
from .servers import node

#: Longest that one turn may take.
PATIENCE = 300
GOAL = "sync_ms ≤ 3"


@click.command()
@click.option("--cards", default=10_000, show_default=True, help="Cards in the large meeting.")
@click.option("--beside", default=100, show_default=True, help="Cards in the small one.")
@click.option("--times", default=20, show_default=True, help="How often each thing is done in a turn.")
@click.option("--rounds", default=3, show_default=True, help="Turns of each meeting.")
@click.option("--save", is_flag=True, help="Write bench/results/<date>.json.")
def large(cards: int, beside: int, times: int, rounds: int, save: bool) -> None:
    """A meeting with 10,000 cards beside one with 100: opening, joining late, sync, one change.

    Goal: sync of 10 missed cards takes at most three times as long.
    """
    node()
    turns: dict[str, list[Figures]] = {"large": [], "small": []}
    with ExitStack() as stack:
        halls = {"large": stack.enter_context(filled(cards)), "small": stack.enter_context(filled(beside))}
        for hall in halls.values():
            _turn(hall, 3)  # warm
        for _round in range(rounds):
            for name, hall in halls.items():
                turns[name].append(_turn(hall, times))
    middle = {name: medians(found) for name, found in turns.items()}
    compared = by(middle["large"], middle["small"])
    show(middle, compared, GOAL)
    if save:
        answer = {
            "case": "large",
            "goal": GOAL,
            "cards": cards,
            "beside": beside,
            "times": times,
            "rounds": rounds,
            "settings": [],
            "ratios": compared,
            "medians": middle,
            "turns": turns,
        }
        click.echo(f"written to {write_down(answer).relative_to(ROOT)}")


def by(here: Figures, there: Figures) -> Figures:
    """The ratios of two sets of figures, where the second is not nothing."""
    return {name: round(here[name] / there[name], 2) for name in here if there.get(name)}


def _turn(hall: Official, times: int) -> Figures:
    room, wall = f"/meetings/{hall.meeting}/room", f"/meetings/{hall.meeting}/wall"
    command = [node(), "missed.mjs", hall.server.address, hall.server.code, str(times)]
    phones = subprocess.run(  # noqa: S603  our own script
        command, cwd=ROOT / "bench", stdout=subprocess.PIPE, text=True, timeout=PATIENCE
    )
    if phones.returncode:
        raise click.ClickException("The phones did not finish; see above.")
    return {
        "room_ms": _median(lambda: hall.get(room), times),
        "room_kb": round(len(hall.get(room)) / 1000, 1),
        "older_ms": _median(lambda: hall.get(f"{wall}?before={2**31}"), times),
        "counts_ms": _median(lambda: hall.get(f"{wall}/counts"), times),
        **json.loads(phones.stdout),
    }


def _median(act: Callable[[], object], times: int) -> float:
    taken = []
    for _time in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken) * 1000, 2)
