"""Sort the files of a run by their measured durations, the longest first, so that no long file ends the run.

A worker takes a whole file, because its tests share a server. ``tests/durations.json`` holds the seconds
that each file took when it was last measured; ``make durations`` measures again. Files without a figure are
short: they come last, as they were collected, and fill the gaps at the end of a run.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

DURATIONS = Path(__file__).with_name("durations.json")
#: Shortest duration in seconds that is written to the file.
SHORTEST = 2.0


def sort_longest_first(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first, and keep the order within each file."""
    seconds: dict[str, int] = json.loads(DURATIONS.read_text())
    items.sort(key=lambda item: -seconds.get(_file(item.nodeid), 0))


class DurationWriter:
    """Plug-in of a run's main process: it adds up the duration of each file and writes ``durations.json``."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[_file(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write the durations; files that this run left out keep theirs, as long as they exist."""
        known = json.loads(DURATIONS.read_text()) | self._seconds
        root = DURATIONS.parent.parent
        files = {
            file: round(seconds)
            for file, seconds in sorted(known.items(), key=lambda entry: -entry[1])
            if seconds >= SHORTEST and (root / file).exists()
        }
        DURATIONS.write_text(json.dumps(files, indent=2) + "\n")


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
