"""Write .gz and .br copies beside every static file, so that no request waits for compression.

Only changed files are compressed again and copies of removed files are deleted, so every start can run this.
"""

from __future__ import annotations

import os
from pathlib import Path

from whitenoise.compress import Compressor

from scripts.steps import ROOT, say

STATIC = ROOT / "static"
SUFFIXES = {".css", ".js", ".json", ".svg", ".txt", ".webmanifest", ".ico"}
COPIES = (".gz", ".br")
#: Bytes of the smallest file that is compressed; smaller ones fit into one packet anyway.
MIN_SIZE = 512


class AtomicCompressor(Compressor):
    """WhiteNoise's compressor with copies that appear whole, as several processes may run at once."""

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        part = Path(f"{path}{suffix}.{os.getpid()}.new")
        part.write_bytes(data)
        # A copy with its original's time is up to date, also after an older original was put back.
        os.utime(part, ns=(stat_result.st_mtime_ns, stat_result.st_mtime_ns))
        part.replace(path + suffix)
        return path + suffix


def precompress(folder: Path = STATIC) -> int:
    """Bring the compressed copies up to date; return how many files were compressed."""
    compressor, count = AtomicCompressor(quiet=True), 0
    for path in sorted(folder.rglob("*")):
        if path.suffix in COPIES and not path.with_suffix("").exists():
            path.unlink(missing_ok=True)  # another process may have removed it
        elif path.suffix in SUFFIXES and path.stat().st_size >= MIN_SIZE and not is_compressed(path):
            count += bool(compressor.compress(str(path)))
    return count


def is_compressed(path: Path) -> bool:
    """Return whether both copies of *path* were made from its present content."""
    copies = [path.with_name(path.name + suffix) for suffix in COPIES]
    modified = path.stat().st_mtime_ns
    return all(copy.exists() and copy.stat().st_mtime_ns == modified for copy in copies)


if __name__ == "__main__":
    count = precompress()
    if count:
        say(f"compressed {count} static files")
