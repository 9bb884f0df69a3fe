"""Keep the databases of a test run in memory if the machine has a tmpfs with room, otherwise on the disk.

The servers run with ``synchronous=FULL``, so on a disk every card waits for the disk; a tmpfs keeps the same
promises to a process that is killed, and tests do nothing worse. Rows that need a real file system take
``disk_folder`` (``tests/faults/conftest.py``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
#: Bytes that a run needs at most, with room for PostgreSQL and the browsers' own shared memory.
NEEDED = 3 * 1024**3
#: The folder for temporary files on a real file system.
DISK = Path(tempfile.gettempdir())


def is_roomy(folder: Path) -> bool:
    """Return whether *folder* exists, can be written to, and has the room that a run needs."""
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= NEEDED


def use_memory() -> None:
    """Put temporary files of this process, and of every process it starts, into memory where there is room.

    ``TMPDIR`` given by hand is respected.
    """
    if "TMPDIR" not in os.environ and is_roomy(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
