"""Join codes and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

#: Nothing that is mistaken for another from the back row: no 0 O 1 I L 5 S 2 Z 8 B U V.
ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
LENGTH = 8


def new_code() -> str:
    """Eight random characters, about 36 bits: too many to guess at the speed that is allowed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """A code as somebody typed it, without regard to case, hyphens and spaces."""
    return "".join(char for char in text.upper() if char not in " -–‑\t")


def new_token() -> str:
    """256 random bits for a participant's device or a projector."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. No salt is needed: the token is random, not chosen."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def token_of_visit(visit: str, meeting_id: int, secret: str) -> str:
    """The token of who joins from one page: the same however often that page is sent.

    *visit* is random and known to that page alone; without our *secret* nobody can make a token of their own.
    """
    return _derived(f"visit {meeting_id} {visit}", secret)


def token_of_copy(user_id: int, meeting_id: int, after: int, secret: str) -> str:
    """The token of a person's own copy of the projector: the same each time they look.

    *after* is the meeting's last link that was revoked: what comes after that is new.
    """
    return _derived(f"copy {meeting_id} {user_id} {after}", secret)


def _derived(named: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), named.encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
