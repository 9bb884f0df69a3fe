"""In which order files are handed to the workers of a run: long ones first, none is left for the end.

A worker takes a whole file, for its tests share a server. What takes long is named here, in seconds on a
machine with two cores (any guess will do); all else follows as it comes.
"""

from __future__ import annotations

import pytest

#: A file, or a folder for every file in it that has no figure of its own.
LONG = {
    "tests/faults/test_kills.py": 90,
    "tests/e2e/test_accessibility.py": 80,
    "tests/faults/test_several_workers.py": 75,
    "tests/faults/test_database_away.py": 60,
    "tests/faults/test_bad_neighbours.py": 60,
    "tests/ops/test_backup.py": 60,
    "tests/example/test_first_run.py": 45,
    "tests/e2e/test_evening.py": 45,
    "tests/e2e/test_cafe_evening.py": 40,
    "tests/e2e/test_focus_group.py": 35,
    "tests/faults/test_repeats.py": 40,
    "tests/e2e/test_without_javascript.py": 40,
    "tests/people/test_in_browser.py": 40,
    "tests/test_serving.py": 40,
    "tests/example/test_example.py": 35,
    "tests/live/test_direct.py": 35,
    "tests/live/test_delivery.py": 35,
    "tests/scale": 35,
    "tests/reports/test_in_browser.py": 35,
    "tests/ops/test_supervisor.py": 30,
    "tests/e2e": 30,
    "tests/faults": 25,
    "tests/work/test_worker.py": 20,
    "tests/reports/test_facts_queries.py": 15,
    "tests/intake/test_notes.py": 10,
    "tests/meetings/test_planning.py": 10,
    "tests/reports/test_versions.py": 10,
    "tests/live/test_bad_input.py": 10,
}


#: Any other file that opens pages in a real browser.
IN_BROWSER = 25


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; within a file nothing moves."""
    items.sort(key=lambda item: -_seconds(item.nodeid.partition("::")[0]))


def _seconds(file: str) -> int:
    return LONG.get(file) or LONG.get(file.rpartition("/")[0]) or IN_BROWSER * file.endswith("_in_browser.py")
