"""Broadcasts written directly to the sockets: framed once, without a queue and a green thread for each.

For every recipient the libraries put the packet in a queue, wake a green thread and set timers, which is
most of what a full meeting costs. Here a socket that is ready is written to at once. Clients that use
polling, are still connecting, or read slowly receive the same packet through the library's queue, and so in
the same order.

This uses private parts of python-engineio, python-socketio and eventlet, and is the only file of the package
that does. It works with exactly the versions that it was written for and with websockets that this process
neither encrypts nor compresses; ``DIALOG_DIRECT_WRITE=off`` switches it off.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from .library_guard import find_mismatch
from .schema import Json
from .sender import Sender

#: Largest number of packets queued for one slow client. Beyond it the socket is closed; the client asks for
#: what it missed when it comes back.
MAX_QUEUED = 200
NAMESPACE = "/"
#: Deliveries a second that count as calm, where a delivery costs nothing but the writing itself.
CALM_RATE = 100_000


def install(app: Flask, socketio: SocketIO, sender: Sender) -> bool:
    """Write broadcasts directly from now on; with unknown versions of the libraries only log that."""
    reason = find_obstacle(socketio)
    if reason:
        app.logger.warning("broadcasts go through the libraries' queues: %s", reason)
        return False
    writer = DirectWriter(socketio)
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": writer.observe(engine._async["websocket"])}
    sender.use(writer.broadcast, CALM_RATE)
    app.logger.info("broadcasts are written directly to the sockets")
    return True


def find_obstacle(socketio: SocketIO) -> str:
    """Return why this file cannot be used with what is installed; empty when it can."""
    server = socketio.server
    if server.eio.async_mode != "eventlet":
        return f"eventlet is needed, not {server.eio.async_mode}"
    from engineio.socket import Socket
    from eventlet.websocket import RFC6455WebSocket

    return find_mismatch(
        ("eventlet", "python-engineio", "python-socketio"),
        (
            (server.eio, ("_async", "sockets", "send_packet", "ping_timeout", "start_background_task")),
            (server.manager, ("get_participants", "rooms")),
            (server, ("packet_class",)),
            (Socket, ("_websocket_handler", "check_ping_timeout", "send")),
            (RFC6455WebSocket, ("_pack_message", "_send", "send")),
        ),
    )


class DirectSocket:
    """The websocket of a client that can be written to directly, with the little that a delivery looks at."""

    __slots__ = ("client", "lock", "queued", "send", "websocket")

    def __init__(self, client: Any, websocket: Any) -> None:
        self.client, self.websocket = client, websocket
        #: Packets that the library has not begun to write.
        self.queued = client.queue.queue
        #: Held while a packet is being written.
        self.lock = websocket._sendlock
        self.send = websocket.socket.fd.send


class DirectWriter:
    """Writes the broadcasts of one application to its sockets."""

    def __init__(self, socketio: SocketIO) -> None:
        self._server, self._engine = socketio.server, socketio.server.eio
        #: By Engine.IO id: the sockets that can be written to.
        self._open: dict[str, DirectSocket] = {}
        #: Likewise those whose client used polling before, until the library has moved it to its websocket.
        self._upgrading: dict[str, DirectSocket] = {}

    def observe(self, library_class: Any) -> Any:
        """Return the library's websocket class, extended to note the websocket of each open connection."""
        writer = self

        class ObservedWebSocket(library_class):  # type: ignore[misc]
            def __init__(self, handler: Any, server: Any) -> None:
                def handle(websocket: Any) -> Any:
                    client = handler.__self__
                    if _is_plain(websocket):
                        sockets = writer._upgrading if client.connected else writer._open
                        sockets[client.sid] = DirectSocket(client, websocket)
                    try:
                        return handler(websocket)
                    finally:
                        writer._open.pop(client.sid, None)
                        writer._upgrading.pop(client.sid, None)

                super().__init__(handle, server)

        return ObservedWebSocket

    def broadcast(self, event: str, payload: Json, to: str, skip: list[str] | None) -> None:
        """Send an event to every socket in the room *to* except those in *skip*."""
        from engineio import packet as engine_packet
        from socketio import packet

        server = self._server
        if to not in server.manager.rooms.get(NAMESPACE, ()):
            return
        text = server.packet_class(packet.EVENT, namespace=NAMESPACE, data=[event, payload]).encode()
        message = engine_packet.Packet(engine_packet.MESSAGE, text)
        frame = _frame(message.encode())
        size, sockets = len(frame), self._open
        skipped = frozenset(skip or ())
        for sid, engine_sid in server.manager.get_participants(NAMESPACE, to):
            if sid in skipped:
                continue
            direct = sockets.get(engine_sid)
            # Nothing may be overtaken: a packet that left the queue and is being written holds the lock.
            if direct is None or direct.queued or direct.lock.counter < 1:
                self._queue(engine_sid, message, direct)
                continue
            try:
                sent = direct.send(frame)
            except OSError:
                # The socket is full or gone; the green thread of the queue finds out which.
                self._queue(engine_sid, message, direct)
                continue
            if sent < size:
                direct.lock.acquire()  # free, as was just checked, so this does not wait
                self._engine.start_background_task(_write_rest, direct, frame[sent:])

    def _queue(self, engine_sid: str, message: Any, direct: DirectSocket | None) -> None:
        """Hand *message* to the library's queue, and close a client that has let too many wait."""
        self._engine.send_packet(engine_sid, message)
        if direct is None and engine_sid in self._upgrading and self._upgrading[engine_sid].client.upgraded:
            direct = self._open[engine_sid] = self._upgrading.pop(engine_sid)
        if direct is not None and len(direct.queued) > MAX_QUEUED:
            _hang_up(direct.websocket)


def _is_plain(websocket: Any) -> bool:
    """Return whether it is neither encrypted nor compressed, and made of the parts that are used here."""
    from eventlet.greenio.base import GreenSocket
    from eventlet.patcher import original
    from eventlet.websocket import RFC6455WebSocket

    return (
        type(websocket) is RFC6455WebSocket
        and not websocket.extensions
        and hasattr(websocket, "_sendlock")
        and type(websocket.socket) is GreenSocket
        and type(websocket.socket.fd) is original("socket").socket
    )


def _write_rest(direct: DirectSocket, rest: bytes) -> None:
    """Write the rest of a message that was written in part."""
    try:
        direct.websocket.socket.sendall(rest)
    except OSError:
        # Half a message was sent, so nothing sensible can follow it.
        _hang_up(direct.websocket)
    finally:
        direct.lock.release()


def _hang_up(websocket: Any) -> None:
    """End the connection below the library, which then cleans up as after any client that went away."""
    try:
        websocket.socket.fd.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already


def _frame(text: str) -> bytes:
    """Return one unmasked, whole text frame (RFC 6455 §5.2)."""
    data = text.encode()
    if len(data) < 126:
        return struct.pack("!BB", 0x81, len(data)) + data
    if len(data) < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, len(data)) + data
    return struct.pack("!BBQ", 0x81, 127, len(data)) + data
