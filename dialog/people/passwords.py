"""Passwords: argon2id, and nothing that tells a known address from an unknown one."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Shortest password that is taken; length is what counts (NIST SP 800-63B).
SHORTEST = 12
#: Longest password that is looked at.
LONGEST = 1000

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Is *password* the one behind *stored*? As slow for a user without password as for any other."""
    nobody = _nobody()  # whoever comes first waits for it, known or unknown
    try:
        return _hasher.verify(stored or nobody, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobody() -> str:
    """Checked when there is no such user, so that the answer takes as long as for one there is."""
    return _hasher.hash("nobody has this password")


def outdated(stored: str) -> bool:
    """Was *stored* made with weaker parameters than today's?"""
    return _hasher.check_needs_rehash(stored)
