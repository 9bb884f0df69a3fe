"""One number for all static files: it stands in their address, so they can be kept for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path


def build_hash(folder: Path) -> str:
    """Hash of names and contents below *folder*; the same on every machine that serves the same files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".gz", ".br"):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
