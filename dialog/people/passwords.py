"""Passwords: argon2id, and nothing that tells a known address from an unknown one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Shortest password that is taken; length is what counts (NIST SP 800-63B).
SHORTEST = 12
#: Longest password that is looked at.
LONGEST = 1000

_hasher = PasswordHasher()


class Aside(Protocol):
    """Calls a function where it holds nobody up, and waits for what it returns."""

    def __call__(self, function: Callable[..., bool], *arguments: Any) -> bool: ...


def _here(function: Callable[..., bool], *arguments: Any) -> bool:
    return function(*arguments)


#: How a password is judged: right here, unless the process that serves sockets says where.
_aside: Aside = _here


def judge_aside(aside: Aside) -> None:
    """Let passwords be judged by *aside* from now on.

    It takes a tenth of a second or two, as it should, and green threads share one real one: were it done in
    that one, every card of the hall would wait while somebody signs in.
    """
    global _aside
    _aside = aside


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Is *password* the one behind *stored*? As slow for a user without password as for any other.

    Others go on meanwhile, so it is not to be called inside ``write()``.
    """
    return _aside(_matches, stored, password)


def _matches(stored: str, password: str) -> bool:
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
