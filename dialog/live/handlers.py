"""The edge of the socket: authenticate, find, limit, check the form, and answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import gettext as _
from flask_socketio import ConnectionRefusedError, SocketIO, join_room

from ..db import UNAVAILABLE_ERRORS, db
from ..errors import DialogError, Invalid, TooFast, Unauthorized, Unavailable
from ..forms import Rules
from .channels import Channels
from .limits import RateLimiter
from .ports import load_actor
from .subscriptions import Viewer

RulesType = TypeVar("RulesType", bound=Rules)
Handler = Callable[[Any, RulesType], dict[str, Any]]


def current_sid() -> str:
    """Return the id of the socket that the current event came from."""
    return str(request.sid)  # type: ignore[attr-defined]


class EventHandlers:
    """The handlers of one application's socket events; the domains add theirs."""

    def __init__(self, socketio: SocketIO, channels: Channels) -> None:
        self._socketio, self._channels = socketio, channels
        #: Counts the frames of one socket, whatever is in them: a flood is refused before it costs anything.
        self._frames = RateLimiter(burst=100, seconds=0.02)

    def accept(self, authenticate: Callable[[dict[str, Any]], Viewer]) -> None:
        """Handle connecting and disconnecting; *authenticate* turns the ``auth`` into a viewer or raises."""

        def connect(auth: Any = None) -> None:
            try:
                if not isinstance(auth, dict):
                    raise Unauthorized
                viewer = authenticate(auth)
                messages = self._channels.enter(viewer)
                join_room(viewer.room)
            except DialogError as error:
                # Any other exception than this one would let the client in.
                raise ConnectionRefusedError(error.message, error.as_dict()) from None
            except UNAVAILABLE_ERRORS:
                raise ConnectionRefusedError("unavailable", Unavailable().as_dict()) from None
            except Exception as error:
                current_app.logger.error("connecting failed", exc_info=error)
                raise ConnectionRefusedError("error", DialogError().as_dict()) from None
            for message in messages:
                self._socketio.emit(message.event, message.payload(), to=viewer.sid)

        def disconnect(*_reason: Any) -> None:
            self._channels.leave(current_sid())

        self._socketio.on_event("connect", connect)
        self._socketio.on_event("disconnect", disconnect)
        self._socketio.on_event("*", _refuse_unknown)

    def on(
        self, event: str, rules: type[RulesType], load: Callable[[Viewer], Any] = load_actor
    ) -> Callable[[Handler[RulesType]], None]:
        """Register a handler of *event*: it receives what *load* makes of the viewer, and the form."""

        def register(handle: Handler[RulesType]) -> None:
            @functools.wraps(handle)
            def answer(*payload: Any) -> dict[str, Any]:
                viewer = self._channels.viewer_of(current_sid())
                try:
                    if viewer is None:
                        raise Unauthorized
                    wait = self._frames.take(viewer.sid)
                    if wait:
                        raise TooFast(wait)
                    actor = load(viewer)
                    if len(payload) != 1:
                        raise Invalid(message=_("An object with fields was expected."))
                    return {"ok": True, **handle(actor, rules.read_json(payload[0]))}
                except DialogError as error:
                    return refusal(error)
                except UNAVAILABLE_ERRORS as error:
                    db.session.rollback()
                    current_app.logger.error("the database does not answer: %s", type(error).__name__)
                    return refusal(Unavailable())
                except Exception as error:
                    db.session.rollback()
                    current_app.logger.error("event %s failed", event, exc_info=error)
                    return refusal(DialogError())

            self._socketio.on_event(event, answer)

        return register


def _refuse_unknown(*_anything: Any) -> dict[str, Any]:
    return refusal(Invalid(message=_("This event is not known here.")))


def refusal(error: DialogError) -> dict[str, Any]:
    """Return the acknowledgement of something refused."""
    return {"ok": False, "error": error.as_dict()}
