"""Writes .gz and .br beside every static file, so that no request waits for compression.

Only what changed is done again, and what lost its original is removed: cheap enough for every start.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli

from scripts.steps import ROOT, say

STATIC = ROOT / "static"
SUFFIXES = {".css", ".js", ".json", ".svg", ".txt", ".webmanifest", ".ico"}
#: Smaller files gain nothing: they fit one packet anyway.
SMALLEST = 512


def precompress(folder: Path = STATIC) -> int:
    """Bring the compressed copies up to date; returns how many files were compressed."""
    done = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".gz", ".br"} and not path.with_suffix("").exists():
            path.unlink(missing_ok=True)  # or another process was quicker
        elif path.suffix in SUFFIXES and path.stat().st_size >= SMALLEST:
            done += compress(path)
    return done


def compress(path: Path) -> bool:
    modified = path.stat().st_mtime_ns
    copies = [path.with_name(path.name + suffix) for suffix in (".gz", ".br")]
    # The copy carries the original's time: equal means made from it, also after going back to an older one.
    if all(copy.exists() and copy.stat().st_mtime_ns == modified for copy in copies):
        return False
    data = path.read_bytes()
    for copy, packed in zip(copies, (gzip.compress(data, 9, mtime=0), brotli.compress(data)), strict=True):
        written = copy.with_name(f"{copy.name}.{os.getpid()}.new")
        written.write_bytes(packed)
        os.utime(written, ns=(modified, modified))
        written.replace(copy)
    return True


if __name__ == "__main__":
    count = precompress()
    if count:
        say(f"compressed {count} static files")
