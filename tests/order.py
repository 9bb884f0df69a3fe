"""In which order files are handed to the workers of a run: long ones first, none is left for the end.

A worker takes a whole file, for its tests share a server. The files that take longest are named here, in
seconds on a machine with two cores (any guess will do); all others follow as they come.
"""

from __future__ import annotations

import pytest

LONG = {}


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; within a file nothing moves."""
    items.sort(key=lambda item: -LONG.get(item.nodeid.partition("::")[0], 0))
