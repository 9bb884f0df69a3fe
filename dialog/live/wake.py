"""Several processes: Redis carries «meeting 7 changed», and each process reads the change from the database.

Redis only wakes. What it loses, the heartbeat finds within seconds; nothing ever waits for it. And it carries
«user 3 signed out in this browser», which stands in no table.
"""

from __future__ import annotations

import contextlib
import queue
from typing import Any

import redis
from flask import Flask

from ..extensions import socketio
from . import boards

CHANNEL = "dialog:changed"
_client: redis.Redis | None = None
_outgoing: queue.SimpleQueue[str] | None = None


def start(url: str, app: Flask) -> None:
    """Connect to Redis at *url* (nothing happens when it is empty) and listen in the background."""
    global _client, _outgoing
    if not url:
        _client = _outgoing = None
        return
    _client = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
    _outgoing = queue.SimpleQueue()
    socketio.start_background_task(_publish, _client, _outgoing, app)
    socketio.start_background_task(_listen, url, app)


def others(meeting_id: int) -> None:
    """Wake the other processes. Only puts a number in a queue."""
    if _outgoing is not None:
        _outgoing.put(str(meeting_id))


def signed_out(user_id: int, browser: str) -> None:
    """Let the other processes close the sockets of this browser, too."""
    if _outgoing is not None:
        _outgoing.put(f"out {user_id} {browser}")


def answers() -> bool:
    """Does Redis answer, where it is used at all?"""
    if _client is None:
        return True
    with contextlib.suppress(redis.RedisError):
        return bool(_client.ping())
    return False


def _publish(client: redis.Redis, outgoing: queue.SimpleQueue[str], app: Flask) -> None:
    while True:
        message = outgoing.get()
        try:
            client.publish(CHANNEL, message)
        except redis.RedisError as error:
            app.logger.warning("redis does not take messages: %s", type(error).__name__)
            socketio.sleep(1)


def _heard(message: str) -> None:
    what, *more = message.split(" ", 2)
    if what.isdigit():
        boards.changed(int(what))
    elif what == "out" and len(more) == 2 and more[0].isdigit():
        boards.close_browser(int(more[0]), more[1])


def _listen(url: str, app: Flask) -> None:
    # Its own connection: a listener waits without limit, a publisher must not.
    while True:
        try:
            client: Any = redis.Redis.from_url(url, socket_connect_timeout=3, health_check_interval=10)
            listener = client.pubsub()
            listener.subscribe(CHANNEL)
            for message in listener.listen():
                if message["type"] == "message":
                    _heard(message["data"].decode("ascii", "replace"))
        except (redis.RedisError, OSError) as error:
            app.logger.warning("redis is silent: %s", type(error).__name__)
            socketio.sleep(1)
