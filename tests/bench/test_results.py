"""Medians and ratios of several turns, and the file of results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialog.bench import results
from dialog.bench.results import divide_figures, medians, ratios, save_results


def test_medians_are_of_all_turns() -> None:
    turns = [{"ack_p95_ms": 9.0, "lost": 0}, {"ack_p95_ms": 100.0, "lost": 1}, {"ack_p95_ms": 7.0, "lost": 0}]
    assert medians(turns) == {"ack_p95_ms": 9.0, "lost": 0}


def test_ratios_cover_times_and_rates_without_dividing_by_zero() -> None:
    ours = {"seen_p95_ms": 30.0, "deliveries_per_second": 50.0, "joins_ms": 4.0, "phones": 300}
    theirs = {"seen_p95_ms": 20.0, "deliveries_per_second": 40.0, "joins_ms": 0.0, "phones": 300}
    compared = ratios({"dialog": ours, "relay": theirs})
    assert compared == {"seen_p95_ms": 1.5, "deliveries_per_second": 1.25}
    assert ratios({"dialog": ours}) == {}
    assert divide_figures(ours, theirs) == {"seen_p95_ms": 1.5, "deliveries_per_second": 1.25, "phones": 1.0}


def test_results_file_keeps_the_latest_run_of_each_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    for case, settings, figure in (("hall", [], 1), ("hall", ["A=1"], 2), ("large", [], 3), ("hall", [], 4)):
        path = save_results({"case": case, "settings": settings, "figure": figure})
    kept = json.loads(path.read_text())
    figures = {name: run["figure"] for name, run in kept["cases"].items()}
    assert figures == {"hall": 4, "hall A=1": 2, "large": 3}
    assert kept["machine"]["cores"] >= 1
    assert kept["versions"]["socket.io"]
