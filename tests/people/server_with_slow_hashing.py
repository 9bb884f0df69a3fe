"""Run the live process with password verification that lasts until the pipe ``VERIFY_PIPE`` is opened.

It blocks its thread as real hashing does, and never yields to green threads.
"""

import wsgi  # must be first: it patches the standard library

# ruff: noqa: I001
import itertools
import os
from pathlib import Path

from argon2 import PasswordHasher

PIPE = Path(os.environ["VERIFY_PIPE"])
calls = itertools.count(1)
verify = PasswordHasher.verify


def verify_slowly(self: PasswordHasher, stored: str, password: str) -> bool:
    Path(f"{PIPE}.{next(calls)}").touch()
    os.close(os.open(PIPE, os.O_RDONLY))
    return verify(self, stored, password)


PasswordHasher.verify = verify_slowly  # type: ignore[assignment, method-assign]

if __name__ == "__main__":
    wsgi.serve()
