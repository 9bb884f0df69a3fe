"""``dialog bench large``: compare a full meeting with a nearly empty one, in turns."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack

import click

from ..config import ROOT
from .filled_server import StaffSession, filled_server
from .results import Figures, divide_figures, medians, print_results, save_results
from .servers import find_node

#: Seconds that one turn may take.
TIMEOUT = 300
GOAL = "sync_ms ≤ 3"


@click.command()
@click.option("--cards", default=10_000, show_default=True, help="Cards in the large meeting.")
@click.option("--beside", default=100, show_default=True, help="Cards in the small one.")
@click.option("--times", default=20, show_default=True, help="How often each thing is done in a turn.")
@click.option("--rounds", default=3, show_default=True, help="Turns of each meeting.")
@click.option("--save", is_flag=True, help="Write bench/results/<date>.json.")
def large(cards: int, beside: int, times: int, rounds: int, save: bool) -> None:
    """Compare a meeting of 10,000 cards with one of 100: opening, joining late, sync, one change.

    Goal: sync of 10 missed cards takes at most three times as long.
    """
    find_node()
    turns: dict[str, list[Figures]] = {"large": [], "small": []}
    with ExitStack() as stack:
        cases = {
            "large": stack.enter_context(filled_server(cards)),
            "small": stack.enter_context(filled_server(beside)),
        }
        for hall in cases.values():
            _turn(hall, 3)  # warms up caches
        for _round in range(rounds):
            for name, hall in cases.items():
                turns[name].append(_turn(hall, times))
    middle = {name: medians(found) for name, found in turns.items()}
    compared = divide_figures(middle["large"], middle["small"])
    print_results(middle, compared, GOAL)
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
        click.echo(f"written to {save_results(answer).relative_to(ROOT)}")


def _turn(hall: StaffSession, times: int) -> Figures:
    room, wall = f"/meetings/{hall.meeting}/room", f"/meetings/{hall.meeting}/wall"
    command = [find_node(), "missed.mjs", hall.server.address, hall.server.code, str(times)]
    phones = subprocess.run(  # noqa: S603  our own script
        command, cwd=ROOT / "bench", stdout=subprocess.PIPE, text=True, timeout=TIMEOUT
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
