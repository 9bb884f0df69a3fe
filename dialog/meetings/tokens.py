"""Secret tokens of devices and projectors; only their hashes are stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return 256 random bits for a participant's device or a projector."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token. No salt is needed: the token is random, not chosen."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def token_of_visit(visit: str, meeting_id: int, secret: str) -> str:
    """Return the token of a participant who joins from one page: the same however often the page is sent.

    *visit* is random and known to that page alone; without our *secret* nobody can make a token of their own.
    """
    return _derive(f"visit {meeting_id} {visit}", secret)


def token_of_copy(user_id: int, meeting_id: int, after: int, secret: str) -> str:
    """Return the token of a person's own copy of the projector view: the same each time they open it.

    *after* is the id of the meeting's last revoked link, so that revoking makes the next token another one.
    """
    return _derive(f"copy {meeting_id} {user_id} {after}", secret)


def _derive(purpose: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), purpose.encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
