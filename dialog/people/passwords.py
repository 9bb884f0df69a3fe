"""Hash and verify passwords with argon2id, in equal time for known and unknown addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..ports import Port

#: Shortest password that is accepted; length is what counts (NIST SP 800-63B).
MIN_LENGTH = 12
#: Longest password that is hashed.
MAX_LENGTH = 1000

_hasher = PasswordHasher()


#: Calls a function with its arguments in a suitable thread and returns its result. A verification takes a
#: tenth of a second or two on purpose. All green threads share one real thread, where a verification would
#: delay every card of the meeting while somebody signs in: the live process sets a pool of real threads.
run_verification: Port[..., bool] = Port("people.passwords.run_verification")


def verify_here(function: Callable[..., bool], *arguments: Any) -> bool:
    """Call *function* in the calling thread: for processes that serve no sockets."""
    return function(*arguments)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """Return whether *password* belongs to the hash *stored*; an empty hash takes as long as any other.

    Other green threads run meanwhile, so never call this inside ``write()``.
    """
    return run_verification(_verify, stored, password)


def _verify(stored: str, password: str) -> bool:
    placeholder = _placeholder_hash()  # made in the first call, whether the address is known or not
    try:
        return _hasher.verify(stored or placeholder, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _placeholder_hash() -> str:
    """Return the hash to verify for an unknown address, so that response times do not reveal addresses."""
    return _hasher.hash("nobody has this password")


def needs_rehash(stored: str) -> bool:
    """Return whether *stored* was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
