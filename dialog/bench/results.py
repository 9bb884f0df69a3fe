"""Medians and ratios of turns, and the file of the day that keeps them."""

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
from .servers import node

RESULTS = ROOT / "bench" / "results"
Figures = dict[str, float]


def medians(turns: list[Figures]) -> Figures:
    return {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}


def ratios(medians: dict[str, Figures]) -> Figures:
    """Ours by the relay's, for all that takes time or is counted by the second."""
    if "relay" not in medians:
        return {}
    here, there = medians["dialog"], medians["relay"]
    names = [name for name in here if name.endswith(("_ms", "_second", "server_seconds"))]
    return {name: round(here[name] / there[name], 2) for name in names if there[name]}


def show(medians: dict[str, Figures], ratios: Figures, goal: str) -> None:
    """The medians of one or two, side by side, with their ratios and what was hoped for."""
    first, *rest = medians
    heads = "".join(f"{name:>10}" for name in medians)
    click.echo(f"{'medians':<32}{heads}" + f"{'ratio':>8}" * bool(rest))
    for name, value in medians[first].items():
        others = "".join(f"{medians[other][name]:>10g}" for other in rest)
        click.echo(f"{name:<32}{value:>10g}{others}{ratios.get(name, ''):>8}".rstrip())
    click.echo(f"goal: {goal}")


def write_down(answer: dict[str, Any]) -> Path:
    """Add *answer* to the file of today, the latest run of each case with each choice of settings."""
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
    """What kind of machine, and not which one."""
    return {"cores": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()}


def _versions() -> dict[str, str]:
    packages = ("eventlet", "flask-socketio", "python-socketio", "python-engineio", "sqlalchemy")
    manifest = json.loads((ROOT / "node_modules" / "socket.io" / "package.json").read_text())
    spoken = subprocess.run([node(), "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in packages},
        "node": spoken.strip(),
        "socket.io": manifest["version"],
    }
