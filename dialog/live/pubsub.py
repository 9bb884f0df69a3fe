"""Several processes: Redis carries «meeting 7 changed», and each process reads the change from the database.

Redis only wakes. What it loses, the heartbeat finds within seconds; nothing ever waits for it. It also
carries how many devices each process has, and «user 3 signed out in this browser», so that sockets elsewhere
close at once and not with the next heartbeat.
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
import time
from typing import Any

import redis
from flask import Flask

from ..extensions import socketio
from ..web.security import settings_of
from . import channels
from .presence import presence

#: A listener that has heard nothing for so long asks whether anybody is there, ...
ASK_SECONDS = 3.0
#: ... and after so long takes the connection for dead: a cable or a frozen Redis says no goodbye.
DEAF_SECONDS = 10.0
_client: redis.Redis | None = None
_outgoing: queue.SimpleQueue[str] | None = None


def channel_of(app: Flask) -> str:
    """Where this installation's processes meet: others may use the same Redis, and channels have no owner."""
    ours = hashlib.blake2b(settings_of(app).secret_key.encode(), digest_size=8, person=b"dialog:wake")
    return f"dialog:{ours.hexdigest()}"


def start(url: str, app: Flask) -> None:
    """Connect to Redis at *url* (nothing happens when it is empty) and listen in the background."""
    global _client, _outgoing
    if not url:
        _client = _outgoing = presence.send = None
        return
    _client = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
    _outgoing = queue.SimpleQueue()
    presence.send = lambda line: _say(f"here {line}")
    socketio.start_background_task(_publish, _client, _outgoing, app)
    socketio.start_background_task(_listen, url, app)


def _say(message: str) -> None:
    """Only puts it in a queue."""
    if _outgoing is not None:
        _outgoing.put(message)


def others(meeting_id: int) -> None:
    """Wake the other processes."""
    _say(str(meeting_id))


def signed_out(user_id: int, browser: str) -> None:
    """Let the other processes close the sockets of this browser, too."""
    _say(f"out {user_id} {browser}")


def answers() -> bool:
    """Does Redis answer, where it is used at all?"""
    if _client is None:
        return True
    with contextlib.suppress(redis.RedisError):
        return bool(_client.ping())
    return False


def waiting(outgoing: queue.SimpleQueue[str]) -> list[str]:
    """Wait for something to say; returns all there is, each once."""
    messages = {outgoing.get(): None}
    with contextlib.suppress(queue.Empty):
        while True:
            messages[outgoing.get_nowait()] = None
    return list(messages)


def _publish(client: redis.Redis, outgoing: queue.SimpleQueue[str], app: Flask) -> None:
    channel = channel_of(app)
    while True:
        messages = waiting(outgoing)
        try:
            with client.pipeline(transaction=False) as together:
                for message in messages:
                    together.publish(channel, message)
                together.execute()
        except redis.RedisError as error:
            # What could not be said is not said later: the others have found it in the database by then.
            app.logger.warning("redis does not take messages: %s", type(error).__name__)
            socketio.sleep(1)


def heard(message: str) -> None:
    """Another process (or this one) said something."""
    what, _, more = message.partition(" ")
    if what.isdigit():
        channels.changed(int(what))
    elif what == "here":
        presence.heard(more)
    elif what == "out":
        user_id, _, browser = more.partition(" ")
        channels.close_browser(int(user_id), browser)


def _listen(url: str, app: Flask) -> None:
    # Its own connection: a listener waits long, a publisher must not.
    client: Any = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
    while True:
        try:
            with client.pubsub() as listener:
                listener.subscribe(channel_of(app))
                _hear(listener, app)
        except (redis.RedisError, OSError) as error:
            app.logger.warning("redis is silent: %s", type(error).__name__)
            socketio.sleep(1)


def _hear(listener: Any, app: Flask) -> None:
    last = time.monotonic()
    while True:
        message = listener.get_message(timeout=ASK_SECONDS)
        if message is None:
            if time.monotonic() - last > DEAF_SECONDS:
                raise redis.ConnectionError("nothing heard for long")
            listener.ping()
            continue
        last = time.monotonic()
        if message["type"] != "message":
            continue
        try:
            heard(message["data"].decode("ascii", "replace"))
        except ValueError:
            app.logger.warning("redis carries something that is not ours")
