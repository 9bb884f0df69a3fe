"""Named errors. Actions raise them; pages, the API and sockets turn them into answers.

Every answer says what happened and what to do next; ``code`` is for programs and part of the
contract in ``docs/reference/live-contract.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


class ConfigurationError(Exception):
    """Settings with which Dialog cannot start; the message says what to change."""


class DialogError(Exception):
    """A refused request, with a reason that the client may know."""

    code = "error"
    status = 500

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__name__)
        self._message = message

    @property
    def message(self) -> str:
        """Return what happened and what to do, in the reader's language."""
        return self._message or self.default_message()

    def default_message(self) -> str:
        return _("Something went wrong. Nothing you wrote is lost; try again in a moment.")

    def as_dict(self) -> dict[str, Any]:
        """Return the ``error`` object of the contract."""
        return {"code": self.code, "message": self.message}


class Invalid(DialogError):
    """Invalid input; ``fields`` maps field names to messages."""

    code = "invalid"
    status = 400

    def __init__(self, fields: Mapping[str, str] | None = None, message: str | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})

    def default_message(self) -> str:
        return _("Something in what you sent needs to be changed.")

    def as_dict(self) -> dict[str, Any]:
        answer = super().as_dict()
        if self.fields:
            answer["fields"] = {name: str(text) for name, text in self.fields.items()}
        return answer


class Unauthorized(DialogError):
    code = "unauthorized"
    status = 401

    def default_message(self) -> str:
        return _("You need to join or sign in first.")


class Forbidden(DialogError):
    code = "forbidden"
    status = 403

    def default_message(self) -> str:
        return _("You cannot do this right now.")


class NotFound(DialogError):
    code = "not_found"
    status = 404

    def default_message(self) -> str:
        return _("We cannot find what you are looking for.")


class Conflict(DialogError):
    """A conflict with a change by somebody else; ``card`` is the card as it is now."""

    code = "conflict"
    status = 409

    def __init__(self, card: Mapping[str, Any] | None = None, message: str | None = None) -> None:
        super().__init__(message)
        self.card = card

    def default_message(self) -> str:
        return _("Somebody else changed this just now. Look at it as it is and try again.")

    def as_dict(self) -> dict[str, Any]:
        answer = super().as_dict()
        if self.card is not None:
            answer["card"] = dict(self.card)
        return answer


class Closed(DialogError):
    code = "closed"
    status = 410

    def default_message(self) -> str:
        return _("The meeting is closed. Your text is still on your device.")


class TooLarge(DialogError):
    code = "too_large"
    status = 413

    def default_message(self) -> str:
        return _("That is more than can be sent at once. Shorten it or divide it, and send again.")


class TooFast(DialogError):
    """Too many requests; ``retry_after`` is in seconds."""

    code = "too_fast"
    status = 429

    def __init__(self, retry_after: float, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after = max(1, round(retry_after + 0.499))

    def default_message(self) -> str:
        return _("That was a little fast. Wait %(seconds)s seconds and try again.", seconds=self.retry_after)

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "retry_after": self.retry_after}


class Unavailable(DialogError):
    """The database does not answer; nothing was saved."""

    code = "unavailable"
    status = 503

    def default_message(self) -> str:
        return _("We cannot save right now. Your text is kept on your device; try again in a moment.")


def require(allowed: bool, message: str | None = None) -> None:
    """Raise ``Forbidden`` unless *allowed*; this is the first line of an action."""
    if not allowed:
        raise Forbidden(message)
