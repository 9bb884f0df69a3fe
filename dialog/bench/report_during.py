"""``dialog bench report-during``: measure whether building a large report delays a live meeting."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from ..config import ROOT
from ..reports.formats import FORMATS
from .filled_server import StaffSession, filled_server
from .load_client import compile_client, run_load
from .options import load_options
from .results import Figures, divide_figures, format_turn, medians, print_results, save_results
from .servers import TIMEOUT

GOAL = "ack_p95_ms ≤ 2"
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


@click.command()
@click.option("--cards", default=10_000, show_default=True, help="Cards in the report.")
@load_options(count=300, rate=20.0, seconds=20.0, turns="Turns without and with the report.")
def report_during(
    cards: int, count: int, rate: float, seconds: float, warm_up: float, rounds: int, seed: int, save: bool
) -> None:
    """Measure 300 phones in turns, without and with a report of 10,000 cards being built.

    The report is frozen and published by pages of the live process, and its files are made in the worker; all
    of that again and again for as long as the phones write. Goal: acknowledgements' p95 at most doubles.
    """
    turns: dict[str, list[Figures]] = {"without": [], "with": []}
    with ExitStack() as stack:
        load = compile_client(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        hall = stack.enter_context(filled_server(cards))
        stack.enter_context(_worker(hall))
        for turn in range(rounds):
            for name in turns:
                with _building_reports(hall if name == "with" else None) as built:
                    # Another seed each time: the same one would send the same cards again.
                    plan = [count, rate, seconds, warm_up, seed + 2 * turn + (name == "with")]
                    figures = run_load(load, hall.server, plan)
                turns[name].append({**figures, **built})
                click.echo(f"{name:<8} " + format_turn(figures) + f"  reports {built['reports']}")
    middle = {name: medians(found) for name, found in turns.items()}
    compared = divide_figures(middle["with"], middle["without"])
    print_results(middle, compared, GOAL)
    if save:
        answer = {
            "case": "report-during",
            "goal": GOAL,
            "cards": cards,
            "phones": count,
            "cards_per_second": rate,
            "seconds": seconds,
            "warm_up": warm_up,
            "rounds": rounds,
            "seed": seed,
            "settings": [],
            "ratios": compared,
            "medians": middle,
            "turns": turns,
        }
        click.echo(f"written to {save_results(answer).relative_to(ROOT)}")


@contextmanager
def _worker(hall: StaffSession) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dialog.cli", "worker"], cwd=ROOT, env=dict(hall.server.environ)
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(TIMEOUT)


@contextmanager
def _building_reports(hall: StaffSession | None) -> Iterator[Figures]:
    """Build reports meanwhile, one after the other; none without a *hall*."""
    found: Figures = {"reports": 0, "freeze_ms": 0.0, "files_ms": 0.0}
    stopped = threading.Event()

    def build() -> None:
        assert hall is not None
        while not stopped.is_set():
            _build_report(hall, found, stopped)

    builder = threading.Thread(target=build, daemon=True) if hall is not None else None
    if builder is not None:
        builder.start()
    try:
        yield found
    finally:
        stopped.set()
        if builder is not None:
            builder.join(TIMEOUT)


def _build_report(hall: StaffSession, found: Figures, stopped: threading.Event) -> None:
    page = f"/dialogues/{hall.dialogue}/report"
    token = TOKEN.search(hall.get(page))
    assert token is not None
    form = f"csrf_token={token.group(1).decode()}"
    start = time.perf_counter()
    address = hall.post(f"{page}/versions", form)
    found["freeze_ms"] = round((time.perf_counter() - start) * 1000, 1)
    hall.post(f"{address}/review", form)
    hall.post(f"{address}/publish", form)
    start = time.perf_counter()
    waiting = set(FORMATS)
    while waiting and not stopped.wait(0.5):
        waiting = {code for code in waiting if b'"done"' not in hall.get(f"{address}/files/{code}/status")}
    if not waiting:
        found["reports"] += 1
        found["files_ms"] = round((time.perf_counter() - start) * 1000, 1)
