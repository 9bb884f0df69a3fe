"""The live engine: messages to everybody who looks at a meeting. It knows no models.

Each application has an engine of its own. The functions here act on that of the current application.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from flask_socketio import SocketIO

from ..web.settings import settings_of
from . import direct
from .channels import Channels
from .handlers import EventHandlers
from .pubsub import PubSub
from .sender import Sender
from .subscriptions import Viewer


@dataclass(frozen=True)
class LiveEngine:
    """The parts of one application's live engine."""

    socketio: SocketIO
    sender: Sender
    channels: Channels
    pubsub: PubSub
    handlers: EventHandlers


def init_app(app: Flask) -> LiveEngine:
    """Make the engine of *app*, whose Socket.IO server is still to be made."""
    socketio = SocketIO()
    sender = Sender(socketio)
    channels = Channels(app, socketio, sender)
    pubsub = PubSub(app, socketio, channels)
    engine = LiveEngine(socketio, sender, channels, pubsub, EventHandlers(socketio, channels))
    app.extensions["dialog_live"] = engine
    return engine


def engine_of(app: Flask | None = None) -> LiveEngine:
    """Return the engine of *app*, or of the current application."""
    engine: LiveEngine = (app or current_app).extensions["dialog_live"]
    return engine


def start(app: Flask) -> None:
    """Begin to serve sockets: start the heartbeat, and listen to the other processes."""
    engine, settings = engine_of(app), settings_of(app)
    if settings.direct_write:
        direct.install(app, engine.socketio, engine.sender)
    engine.channels.presence.start(settings.heartbeat_seconds)
    engine.pubsub.start()
    engine.socketio.start_background_task(_beat, app, engine, settings.heartbeat_seconds)


def _beat(app: Flask, engine: LiveEngine, seconds: float) -> None:
    while True:
        engine.socketio.sleep(seconds)
        engine.channels.presence.heartbeat()
        try:
            engine.channels.heartbeat()
        except Exception as error:
            # The database is away: the viewers keep what they have, and the next beat tries again.
            app.logger.warning("heartbeat missed: %s", type(error).__name__)


def publish(meeting_id: int) -> None:
    """Send what was committed in a meeting to its viewers, here and through the other processes."""
    engine = engine_of()
    engine.channels.deliver(meeting_id)
    engine.pubsub.publish(meeting_id)


def disconnect(matches: Callable[[Viewer], bool]) -> None:
    """Close every socket of this process that *matches*. The heartbeat closes those of other processes."""
    engine_of().channels.disconnect(matches)


def close_browser(user_id: int, browser: str) -> None:
    """Close the sockets that a user has in one browser, in this process and the others."""
    engine = engine_of()
    engine.channels.close_browser(user_id, browser)
    engine.pubsub.publish_sign_out(user_id, browser)


def ping_redis() -> bool:
    """Return whether Redis answers; True where it is not used."""
    return engine_of().pubsub.ping()
