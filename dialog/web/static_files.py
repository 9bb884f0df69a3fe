"""A hash of all static files, which is part of their addresses, so that browsers may cache them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path


def build_hash(folder: Path) -> str:
    """Return a hash of names and contents below *folder*, equal on all machines with the same files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".gz", ".br"):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
