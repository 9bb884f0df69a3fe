"""Make join codes, and read them as people write them."""

from __future__ import annotations

import secrets

#: No characters that look alike from the back row: no 0 O 1 I L 5 S 2 Z 8 B U V.
ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
LENGTH = 8


def new_code() -> str:
    """Return eight random characters, about 36 bits: too many to guess at the speed that is allowed."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(text: str) -> str:
    """Return a code as somebody typed it, without regard to case, hyphens and spaces."""
    return "".join(char for char in text.upper() if char not in " -–‑\t")
