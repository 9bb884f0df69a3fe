"""Where a test run keeps its databases: in memory where the machine has a tmpfs with room, else on the disk.

The servers run with ``synchronous=FULL``, so on a disk every card waits for the disk; a tmpfs keeps the same
promises towards a process that is killed, which is what tests do. Rows that need a real file system take
``disk_folder`` (``tests/faults/conftest.py``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
#: Bytes that a run needs at its largest, with room for PostgreSQL and the browsers' own shared memory.
NEEDED = 3 * 1024**3
#: The folder for temporary files on a real file system.
DISK = Path(tempfile.gettempdir())


def is_roomy(folder: Path) -> bool:
    """Is *folder* there, may we write to it, and does it have the room a run needs?"""
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= NEEDED


def use_memory() -> None:
    """Put temporary files of this process, and of every process it starts, into memory where there is room.

    ``TMPDIR`` given by hand is respected.
    """
    if "TMPDIR" not in os.environ and is_roomy(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
