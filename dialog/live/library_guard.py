"""The guard before code that uses private parts of libraries: exact versions and attributes, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

#: The versions whose private parts are used.
KNOWN_VERSIONS = {"eventlet": "0.41.3", "python-engineio": "4.15.1", "python-socketio": "5.18.1"}


def find_mismatch(packages: Iterable[str], attributes: Iterable[tuple[object, tuple[str, ...]]]) -> str:
    """Return why the installed libraries are not those that the caller knows; empty when they are.

    *packages* must have the exact versions above, and the objects in *attributes* the names beside them.
    """
    for package in packages:
        version, installed = KNOWN_VERSIONS[package], metadata.version(package)
        if installed != version:
            return f"{package} {version} is known here, not {installed}"
    for owner, names in attributes:
        for name in names:
            if not hasattr(owner, name):
                return f"{owner} has no {name}"
    return ""
