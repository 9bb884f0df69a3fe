"""Transport: the event schema, delivery to boards, rooms and the handler decorator. Knows no models."""

from __future__ import annotations

from flask import Flask

from ..extensions import socketio
from ..web.security import settings_of
from . import channels, direct, pubsub
from .presence import presence


def bind(app: Flask) -> None:
    """Deliver within *app*."""
    channels.bind(app)


def start(app: Flask, heartbeat: float, redis_url: str) -> None:
    """In the process that serves sockets: begin the heartbeat and listen for other processes."""
    if settings_of(app).direct_write:
        direct.install(app)
    presence.begin(heartbeat, channels.presence_elsewhere)
    pubsub.start(redis_url, app)
    socketio.start_background_task(_beat, app, heartbeat)


def _beat(app: Flask, seconds: float) -> None:
    while True:
        socketio.sleep(seconds)
        presence.beat()
        try:
            channels.beat()
        except Exception as error:
            # The database is away: boards stay as they are and the next beat tries again.
            app.logger.warning("heartbeat missed: %s", type(error).__name__)


def signed_out(user_id: int, browser: str) -> None:
    """Somebody signed out in one browser: its sockets close, in this process and the others."""
    channels.close_browser(user_id, browser)
    pubsub.signed_out(user_id, browser)


def publish(meeting_id: int) -> None:
    """Send what was committed in a meeting to its viewers, here and through the other processes."""
    channels.changed(meeting_id)
    pubsub.others(meeting_id)
