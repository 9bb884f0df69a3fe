"""Pubsub between processes: Redis carries «meeting 7 changed», and each process reads the change itself.

Redis only wakes. What it loses, the heartbeat finds within seconds, and nothing ever waits for it. It also
carries each process's number of devices, and «user 3 signed out in this browser», so that sockets in other
processes close at once and not at the next heartbeat.
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
import time
from typing import Any

import redis
from flask import Flask
from flask_socketio import SocketIO

from ..web.settings import settings_of
from .channels import Channels

#: Seconds after which a listener that received nothing sends a ping ...
PING_SECONDS = 3.0
#: ... and after which it gives the connection up: a cut cable or a frozen Redis does not close it.
SILENT_SECONDS = 10.0


def channel_name(app: Flask) -> str:
    """Return the Redis channel of this installation, for others may use the same Redis."""
    ours = hashlib.blake2b(settings_of(app).secret_key.encode(), digest_size=8, person=b"dialog:wake")
    return f"dialog:{ours.hexdigest()}"


def drain(outgoing: queue.SimpleQueue[str]) -> list[str]:
    """Wait for a message, and return all that are queued by then, each once."""
    messages = {outgoing.get(): None}
    with contextlib.suppress(queue.Empty):
        while True:
            messages[outgoing.get_nowait()] = None
    return list(messages)


class PubSub:
    """The connection of one application to its other processes; without Redis it does nothing."""

    def __init__(self, app: Flask, socketio: SocketIO, channels: Channels) -> None:
        self._app, self._socketio, self._channels = app, socketio, channels
        self._url = settings_of(app).redis_url
        self._outgoing: queue.SimpleQueue[str] | None = None

    def start(self) -> None:
        """Begin to send to the other processes and to listen to them, in the background."""
        if self._url:
            self._outgoing = queue.SimpleQueue()
            self._channels.presence.publish = lambda line: self._send(f"here {line}")
            self._socketio.start_background_task(self._send_queued, self._outgoing)
            self._socketio.start_background_task(self._listen)

    def publish(self, meeting_id: int) -> None:
        """Have the other processes deliver what was committed in a meeting. Never waits."""
        self._send(str(meeting_id))

    def publish_sign_out(self, user_id: int, browser: str) -> None:
        """Have the other processes close the sockets of this browser. Never waits."""
        self._send(f"out {user_id} {browser}")

    def ping(self) -> bool:
        """Return whether Redis answers; True where it is not used."""
        if not self._url:
            return True
        with contextlib.suppress(redis.RedisError), self._connect() as client:
            return bool(client.ping())
        return False

    def on_message(self, message: str) -> None:
        """Act on what a process has published, this one included; ``ValueError`` for noise."""
        kind, _, rest = message.partition(" ")
        if kind.isdigit():
            self._channels.deliver(int(kind))
        elif kind == "here":
            self._channels.presence.on_message(rest)
        elif kind == "out":
            user_id, _, browser = rest.partition(" ")
            self._channels.close_browser(int(user_id), browser)

    def _connect(self) -> Any:
        return redis.Redis.from_url(self._url, socket_timeout=3, socket_connect_timeout=3)

    def _send(self, message: str) -> None:
        if self._outgoing is not None:
            self._outgoing.put(message)

    def _send_queued(self, outgoing: queue.SimpleQueue[str]) -> None:
        client, channel = self._connect(), channel_name(self._app)
        while True:
            messages = drain(outgoing)
            try:
                with client.pipeline(transaction=False) as pipeline:
                    for message in messages:
                        pipeline.publish(channel, message)
                    pipeline.execute()
            except redis.RedisError as error:
                # What could not be sent is dropped: the others find it in the database with their heartbeat.
                self._app.logger.warning("redis does not take messages: %s", type(error).__name__)
                self._socketio.sleep(1)

    def _listen(self) -> None:
        client = self._connect()  # of its own: a listener waits long, a publisher must not
        while True:
            try:
                with client.pubsub() as listener:
                    listener.subscribe(channel_name(self._app))
                    self._receive(listener)
            except (redis.RedisError, OSError) as error:
                self._app.logger.warning("redis is silent: %s", type(error).__name__)
                self._socketio.sleep(1)

    def _receive(self, listener: Any) -> None:
        last = time.monotonic()
        while True:
            message = listener.get_message(timeout=PING_SECONDS)
            if message is None:
                if time.monotonic() - last > SILENT_SECONDS:
                    raise redis.ConnectionError("nothing received for long")
                listener.ping()
                continue
            last = time.monotonic()
            if message["type"] != "message":
                continue
            try:
                self.on_message(message["data"].decode("ascii", "replace"))
            except ValueError:
                self._app.logger.warning("redis carries something that is not ours")
