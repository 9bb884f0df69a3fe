"""Medians and ratios of turns, and the file that keeps them."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from ..config import ROOT
from .servers import find_node

RESULTS = ROOT / "bench" / "results"
Figures = dict[str, float]


def medians(turns: list[Figures]) -> Figures:
    return {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}


def ratios(medians: dict[str, Figures]) -> Figures:
    """Return our figures divided by the relay's, for times and rates."""
    if "relay" not in medians:
        return {}
    ours, relays = medians["dialog"], medians["relay"]
    names = [name for name in ours if name.endswith(("_ms", "_second", "server_seconds"))]
    return {name: round(ours[name] / relays[name], 2) for name in names if relays[name]}


def divide_figures(here: Figures, there: Figures) -> Figures:
    """Return the ratios of two sets of figures, where the divisor is not zero."""
    return {name: round(here[name] / there[name], 2) for name in here if there.get(name)}


def format_turn(figures: Figures) -> str:
    """Return one line about a turn, with errors in capitals."""
    wanted = ("seen_p50_ms", "seen_p95_ms", "ack_p95_ms", "deliveries_per_second", "joins_ms", "sockets_ms")
    wrong = ("lost", "refused", "missing", "twice")
    parts = [f"{name} {figures[name]:g}" for name in wanted if figures[name]]
    return "  ".join(parts + [f"{name.upper()} {figures[name]:g}" for name in wrong if figures[name]])


def print_results(medians: dict[str, Figures], ratios: Figures, goal: str) -> None:
    """Print the medians of one or two servers side by side, with their ratios and the goal."""
    first, *rest = medians
    heads = "".join(f"{name:>10}" for name in medians)
    click.echo(f"{'medians':<32}{heads}" + f"{'ratio':>8}" * bool(rest))
    for name, value in medians[first].items():
        others = "".join(f"{medians[other][name]:>10g}" for other in rest)
        click.echo(f"{name:<32}{value:>10g}{others}{ratios.get(name, ''):>8}".rstrip())
    click.echo(f"goal: {goal}")


def save_results(answer: dict[str, Any]) -> Path:
    """Save *answer* in today's file, which holds the latest run of each case and choice of settings."""
    today = datetime.now(UTC).date().isoformat()
    path = RESULTS / f"{today}.json"
    RESULTS.mkdir(exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else {}
    name = " ".join([answer["case"], *answer["settings"]])
    cases = {**known.get("cases", {}), name: answer}
    found = {"date": today, "machine": _machine(), "versions": _versions(), "cases": cases}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return path


def _machine() -> dict[str, Any]:
    """Return the kind of machine, without anything that identifies it."""
    return {"cores": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()}


def _versions() -> dict[str, str]:
    packages = ("eventlet", "flask-socketio", "python-socketio", "python-engineio", "sqlalchemy")
    manifest = json.loads((ROOT / "node_modules" / "socket.io" / "package.json").read_text())
    node_version = subprocess.run(  # noqa: S603  our own Node
        [find_node(), "--version"], check=True, capture_output=True, text=True
    ).stdout
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in packages},
        "node": node_version.strip(),
        "socket.io": manifest["version"],
    }
