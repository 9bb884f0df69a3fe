"""The edge of the socket: authenticate, find, limit, check the form, and answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import gettext as _
from flask_socketio import ConnectionRefusedError, join_room

from ..db import AWAY, db
from ..errors import DialogError, Invalid, TooFast, Unauthorized, Unavailable
from ..extensions import socketio
from ..forms import Rules
from . import channels
from .limits import RateLimiter
from .ports import load_actor
from .subscriptions import Viewer

RulesType = TypeVar("RulesType", bound=Rules)
#: Frames of one socket, whatever is in them: a flood is refused before it costs anything.
FRAMES = RateLimiter(burst=100, seconds=0.02)


def sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def accept(authenticate: Callable[[dict[str, Any]], Viewer]) -> None:
    """Register connect and disconnect; *authenticate* turns the ``auth`` into a viewer or raises."""

    def connected(auth: Any = None) -> None:
        try:
            if not isinstance(auth, dict):
                raise Unauthorized
            viewer = authenticate(auth)
            told = channels.enter(viewer)
            join_room(viewer.room)
        except DialogError as error:
            # Anything else than this very exception would let the client in.
            raise ConnectionRefusedError(error.message, error.as_dict()) from None
        except AWAY:
            raise ConnectionRefusedError("unavailable", Unavailable().as_dict()) from None
        except Exception as error:
            current_app.logger.error("connecting failed", exc_info=error)
            raise ConnectionRefusedError("error", DialogError().as_dict()) from None
        for message in told:
            socketio.emit(message.event, message.payload(), to=viewer.sid)

    def gone(*_reason: Any) -> None:
        channels.leave(sid())

    socketio.on_event("connect", connected)
    socketio.on_event("disconnect", gone)
    socketio.on_event("*", _unknown)


def _unknown(*_anything: Any) -> dict[str, Any]:
    return refusal(Invalid(message=_("This event is not known here.")))


def on(
    event: str, rules: type[RulesType], load: Callable[[Viewer], Any] = load_actor
) -> Callable[[Callable[[Any, RulesType], dict[str, Any]]], None]:
    """Register a handler for *event*: it gets what *load* makes of the viewer, and the checked form."""

    def register(handle: Callable[[Any, RulesType], dict[str, Any]]) -> None:
        @functools.wraps(handle)
        def answered(*payload: Any) -> dict[str, Any]:
            viewer = channels.viewer_of(sid())
            try:
                if viewer is None:
                    raise Unauthorized
                wait = FRAMES.take(viewer.sid)
                if wait:
                    raise TooFast(wait)
                actor = load(viewer)
                if len(payload) != 1:
                    raise Invalid(message=_("An object with fields was expected."))
                return {"ok": True, **handle(actor, rules.read_json(payload[0]))}
            except DialogError as error:
                return refusal(error)
            except AWAY as error:
                db.session.rollback()
                current_app.logger.error("the database does not answer: %s", type(error).__name__)
                return refusal(Unavailable())
            except Exception as error:
                db.session.rollback()
                current_app.logger.error("event %s failed", event, exc_info=error)
                return refusal(DialogError())

        socketio.on_event(event, answered)

    return register


def refusal(error: DialogError) -> dict[str, Any]:
    """The acknowledgement of something refused."""
    return {"ok": False, "error": error.as_dict()}
