"""Halls of phones: our server and the official Node server in turns, in one run, and how they compare.

A figure of one run says little on a machine that does other things too; the ratio of two that took turns
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
from .load import compiled, measure
from .options import of_a_load, our_settings
from .results import Figures, medians, ratios, show, write_down
from .servers import node, ours, relay


@dataclass(frozen=True)
class Case:
    """One row of the table of goals. *ratio* names the figure that is compared, *goal* what it should be."""

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
    """One command a case, all with the same options."""
    for case in CASES:
        group.add_command(_command(case))


def _command(case: Case) -> click.Command:
    @of_a_load(count=case.phones, rate=float(case.rate), turns="Turns of each server.")
    @our_settings
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
    node()
    turns: dict[str, list[Figures]] = {}
    with ExitStack() as stack:
        load = compiled(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        servers = [stack.enter_context(ours(dict(pair.split("=", 1) for pair in settings)))]
        if case.compared:
            servers.append(stack.enter_context(relay()))
        for turn in range(rounds):
            for server in servers:  # A B A B: what else the machine does meets both
                before = server.seconds_used()
                plan = [count, rate, seconds if rate else 0, warm_up if rate else 0, seed + turn]
                figures = measure(load, server, plan)
                figures["server_seconds"] = round(server.seconds_used() - before, 2)
                figures["server_peak_mb"] = server.memory("VmHWM")
                turns.setdefault(server.name, []).append(figures)
                click.echo(f"{server.name:<7} " + line(figures))
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
    show(middle, compared, goal)
    if save:
        click.echo(f"written to {write_down(answer).relative_to(ROOT)}")


def line(figures: Figures) -> str:
    """One turn in a line; what went wrong in capitals."""
    wanted = ("seen_p50_ms", "seen_p95_ms", "ack_p95_ms", "deliveries_per_second", "joins_ms", "sockets_ms")
    wrong = ("lost", "refused", "missing", "twice")
    parts = [f"{name} {figures[name]:g}" for name in wanted if figures[name]]
    return "  ".join(parts + [f"{name.upper()} {figures[name]:g}" for name in wrong if figures[name]])
