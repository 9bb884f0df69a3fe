"""The guard before code that uses private parts of libraries: exact versions and attributes, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import metadata


def find_mismatch(versions: Mapping[str, str], attributes: Iterable[tuple[object, tuple[str, ...]]]) -> str:
    """Return why the installed libraries are not those that the caller knows; empty when they are.

    *versions* gives the exact version of each package, *attributes* the names that each object must have.
    """
    for package, version in versions.items():
        installed = metadata.version(package)
        if installed != version:
            return f"{package} {version} is known here, not {installed}"
    for owner, names in attributes:
        for name in names:
            if not hasattr(owner, name):
                return f"{owner} has no {name}"
    return ""
