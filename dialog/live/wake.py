"""Several processes: Redis carries «meeting 7 changed», and each process reads the change from the database.

Redis only wakes. What it loses, the heartbeat finds within seconds; nothing ever waits for it.
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
_outgoing: queue.SimpleQueue[int] | None = None


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
        _outgoing.put(meeting_id)


def answers() -> bool:
    """Does Redis answer, where it is used at all?"""
    if _client is None:
        return True
    with contextlib.suppress(redis.RedisError):
        return bool(_client.ping())
    return False


def _publish(client: redis.Redis, outgoing: queue.SimpleQueue[int], app: Flask) -> None:
    while True:
        meeting_id = outgoing.get()
        try:
            client.publish(CHANNEL, meeting_id)
        except redis.RedisError as error:
            app.logger.warning("redis does not take messages: %s", type(error).__name__)
            socketio.sleep(1)


def _listen(url: str, app: Flask) -> None:
    # Its own connection: a listener waits without limit, a publisher must not.
    while True:
        try:
            client: Any = redis.Redis.from_url(url, socket_connect_timeout=3, health_check_interval=10)
            listener = client.pubsub()
            listener.subscribe(CHANNEL)
            for message in listener.listen():
                if message["type"] == "message" and message["data"].isdigit():
                    boards.changed(int(message["data"]))
        except (redis.RedisError, OSError) as error:
            app.logger.warning("redis is silent: %s", type(error).__name__)
            socketio.sleep(1)
