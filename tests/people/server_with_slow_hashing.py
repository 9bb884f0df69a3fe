"""The live process, where judging a password takes until somebody opens the pipe ``JUDGE``: for tests alone.

It blocks as real hard work does: its thread does nothing else meanwhile, and knows nothing of green ones.
"""

import wsgi  # first of all: it patches

# ruff: noqa: I001
import itertools
import os
from pathlib import Path

from argon2 import PasswordHasher

PIPE = Path(os.environ["JUDGE"])
judged = itertools.count(1)
verify = PasswordHasher.verify


def patiently(self: PasswordHasher, stored: str, password: str) -> bool:
    Path(f"{PIPE}.{next(judged)}").touch()
    os.close(os.open(PIPE, os.O_RDONLY))
    return verify(self, stored, password)


PasswordHasher.verify = patiently  # type: ignore[assignment, method-assign]

if __name__ == "__main__":
    wsgi.serve()
