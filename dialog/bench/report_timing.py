"""``dialog bench report``: time a generated report as page, PDF, Word, Excel and CSV."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from flask import current_app

from ..reports.formats import FORMATS
from ..reports.presentation import attendance_lines, meeting_facts
from ..reports.presenter import present_report
from ..reports.snapshot import Snapshot
from .sample_report import sample_snapshot

#: Seconds that the first report of a process may take.
GOALS = {"page": 0.5, "pdf": 2.0, "docx": 3.0}


def bench_report(cards: int = 1000, *, rounds: int = 5) -> list[dict[str, Any]]:
    """Time every form of a report of *cards* cards; needs an application context.

    ``first`` includes reading templates and typefaces; ``median`` is that of the following rounds. Both in
    seconds.
    """
    text = sample_snapshot(cards).to_json()
    forms: dict[str, Callable[[], int]] = {"page": lambda: _draw_page(text)}
    for code, made in FORMATS.items():
        forms[code] = lambda made=made: len(  # type: ignore[misc]
            made.render("dialog.reports", Snapshot.from_json(text), lambda _done, _total: None)
        )
    return [_measure(name, make, cards, rounds) for name, make in forms.items()]


def table(results: list[dict[str, Any]]) -> str:
    """Return the results as a table for people."""
    lines = [f"{'form':<6}{'cards':>7}{'first s':>10}{'median s':>10}{'goal s':>8}{'kB':>8}"]
    lines += [
        f"{each['form']:<6}{each['cards']:>7}{each['first']:>10.3f}{each['median']:>10.3f}"
        f"{each['goal'] or '–':>8}{each['bytes'] // 1000:>8}"
        for each in results
    ]
    return "\n".join(lines)


def as_json(results: list[dict[str, Any]]) -> str:
    """Return the results for machines."""
    return json.dumps(results, indent=2)


def _measure(name: str, make: Callable[[], int], cards: int, rounds: int) -> dict[str, Any]:
    taken = []
    size = 0
    for _round in range(rounds + 1):
        start = time.perf_counter()
        size = make()
        taken.append(round(time.perf_counter() - start, 4))
    return {
        "form": name,
        "cards": cards,
        "first": taken[0],
        "median": round(statistics.median(taken[1:]), 4),
        "goal": GOALS.get(name),
        "bytes": size,
    }


def _draw_page(text: str) -> int:
    """Render a published version from its stored JSON to HTML, without the base page; return its size."""
    page = current_app.jinja_env.get_template("reports/body.html").render(
        p=present_report(Snapshot.from_json(text)),
        meeting_facts=meeting_facts,
        attendance_lines=attendance_lines,
    )
    return len(page.encode())
