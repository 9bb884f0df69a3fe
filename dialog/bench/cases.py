"""Load cases: measure our server and the official Node server in turns, and compare them.

A single figure says little on a machine that does other work too; the ratio of two servers that took turns
says more.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..config import ROOT
from .load_client import compile_client, run_load
from .options import load_options, settings_option
from .results import Figures, format_turn, medians, print_results, ratios, save_results
from .servers import dialog_server, find_node, relay_server


@dataclass(frozen=True)
class Case:
    """A load case. *ratio* names the figure that is compared, *goal* its limit."""

    name: str
    help: str
    phones: int
    rate: float
    ratio: str
    goal: str
    compared: bool = True


CASES = (
    Case("hall", "300 phones, 20 cards a second.", 300, 20, "seen_p95_ms", "≤ 1.1"),
    Case("big-hall", "1,000 phones, 20 cards a second.", 1000, 20, "seen_p95_ms", "≤ 1.1"),
    Case("busy-hall", "1,000 phones, 50 cards a second.", 1000, 50, "seen_p95_ms", "≤ 1.1"),
    Case(
        "saturation",
        "1,000 phones; the next card comes when the last is on every screen, so nothing can be gathered.",
        1000,
        -1,
        "deliveries_per_second",
        "≥ 1.25",
    ),
    Case(
        "overload",
        "1,000 phones, 150 cards a second, which only gathering can bear; the relay is left out.",
        1000,
        150,
        "seen_p95_ms",
        "≤ 300 ms",
        compared=False,
    ),
    Case("joins", "1,000 phones at once: joining over HTTP, then sockets.", 1000, 0, "sockets_ms", "≤ 1.5"),
)


def add_cases(group: click.Group) -> None:
    """Add a command for each case to *group*, all with the same options."""
    for case in CASES:
        group.add_command(_command(case))


def _command(case: Case) -> click.Command:
    @load_options(count=case.phones, rate=float(case.rate), turns="Turns of each server.")
    @settings_option
    def run(**options: Any) -> None:
        _run(case, **options)

    return click.command(case.name, help=f"{case.help} Goal: {case.ratio} {case.goal}.")(run)


def _run(
    case: Case,
    *,
    count: int,
    rate: float,
    seconds: float,
    warm_up: float,
    rounds: int,
    seed: int,
    settings: tuple[str, ...],
    save: bool,
) -> None:
    find_node()
    turns: dict[str, list[Figures]] = {}
    with ExitStack() as stack:
        load = compile_client(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        servers = [stack.enter_context(dialog_server(dict(pair.split("=", 1) for pair in settings)))]
        if case.compared:
            servers.append(stack.enter_context(relay_server()))
        for turn in range(rounds):
            for server in servers:  # in turns, so that other work on the machine affects both
                before = server.seconds_used()
                plan = [count, rate, seconds if rate else 0, warm_up if rate else 0, seed + turn]
                figures = run_load(load, server, plan)
                figures["server_seconds"] = round(server.seconds_used() - before, 2)
                figures["server_peak_mb"] = server.memory("VmHWM")
                turns.setdefault(server.name, []).append(figures)
                click.echo(f"{server.name:<7} " + format_turn(figures))
    middle = {name: medians(found) for name, found in turns.items()}
    compared = ratios(middle)
    goal = f"{case.ratio} {case.goal}"
    answer = {
        "case": case.name,
        "goal": goal,
        "phones": count,
        "cards_per_second": rate,
        "seconds": seconds,
        "warm_up": warm_up,
        "rounds": rounds,
        "seed": seed,
        "settings": list(settings),
        "ratios": compared,
        "medians": middle,
        "turns": turns,
    }
    click.echo(f"\n{case.name}")
    print_results(middle, compared, goal)
    if save:
        click.echo(f"written to {save_results(answer).relative_to(ROOT)}")
