"""Broadcasts written straight to the sockets: framed once, without a queue and a green thread for each.

The libraries' own way costs a queue put, a wake and timers for every recipient, which is most of what a full
hall costs. Who is ready gets the bytes at once; everybody else (polling, still connecting, slow) gets the
same packet by the library's own queue, and so in the same order. This leans on private parts of
python-engineio, python-socketio and eventlet, so it is the only file that does; it is used with exactly the
versions it was written for, with websockets that are neither encrypted nor compressed here, and not when
``DIALOG_DIRECT_WRITE`` is off.
"""

from __future__ import annotations

import socket
import struct
from importlib import metadata
from typing import Any

from flask import Flask

from ..extensions import socketio
from . import channels
from .schema import Json

#: The versions whose insides this file knows.
VERSIONS = {"eventlet": "0.41.3", "python-engineio": "4.15.1", "python-socketio": "5.18.1"}
#: Messages that may wait for one slow client; then its socket is closed, and it later asks for the rest.
MOST_WAITING = 200
NAMESPACE = "/"
#: Deliveries a second that are calm when nothing but the writing itself has to be paid for.
CALM_DELIVERIES = 100_000


class Line:
    """The websocket of somebody who can be written to directly, with the little a delivery has to look at."""

    __slots__ = ("client", "lock", "send", "waiting", "websocket")

    def __init__(self, client: Any, websocket: Any) -> None:
        self.client, self.websocket = client, websocket
        #: Packets that the library has not begun to write.
        self.waiting = client.queue.queue
        #: Held while one is being written.
        self.lock = websocket._sendlock
        self.send = websocket.socket.fd.send


#: Engine.IO id: the line of everyone who has one.
_open: dict[str, Line] = {}
#: The same of those who polled before, until the library has moved them over.
_moving: dict[str, Line] = {}


def install(app: Flask) -> bool:
    """Write broadcasts directly from now on; with other libraries than expected say so and change nothing."""
    reason = _unfit()
    if reason:
        app.logger.warning("broadcasts go through the libraries' queues: %s", reason)
        return False
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": _remembering(engine._async["websocket"])}
    channels.send_with(broadcast, CALM_DELIVERIES)
    app.logger.info("broadcasts are written directly to the sockets")
    return True


def _unfit() -> str:
    """Why this file must not be used with what is installed; empty when it may be."""
    for package, version in VERSIONS.items():
        found = metadata.version(package)
        if found != version:
            return f"it knows {package} {version}, not {found}"
    server = socketio.server
    if server.eio.async_mode != "eventlet":
        return f"it needs eventlet, not {server.eio.async_mode}"
    from engineio.socket import Socket
    from eventlet.websocket import RFC6455WebSocket

    expected = (
        (server.eio, ("_async", "sockets", "send_packet", "ping_timeout", "start_background_task")),
        (server.manager, ("get_participants", "rooms")),
        (server, ("packet_class",)),
        (Socket, ("_websocket_handler", "check_ping_timeout", "send")),
        (RFC6455WebSocket, ("_pack_message", "_send", "send")),
    )
    for owner, names in expected:
        for name in names:
            if not hasattr(owner, name):
                return f"{owner} has no {name}"
    return ""


def _remembering(stock: Any) -> Any:
    """The library's websocket class, which besides notes the websocket of each open connection."""

    class Remembering(stock):  # type: ignore[misc]
        def __init__(self, handler: Any, server: Any) -> None:
            def handle(websocket: Any) -> Any:
                client = handler.__self__
                if _plain(websocket):
                    (_moving if client.connected else _open)[client.sid] = Line(client, websocket)
                try:
                    return handler(websocket)
                finally:
                    _open.pop(client.sid, None)
                    _moving.pop(client.sid, None)

            super().__init__(handle, server)

    return Remembering


def _plain(websocket: Any) -> bool:
    """Neither encrypted nor compressed, and made of the parts that are written to below."""
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


def broadcast(event: str, payload: Json, to: str, skip: list[str] | None) -> None:
    """Send an event to everyone in the room *to* but *skip*."""
    from engineio import packet as engine_packet
    from socketio import packet

    server, engine = socketio.server, socketio.server.eio
    if to not in server.manager.rooms.get(NAMESPACE, ()):
        return
    text = server.packet_class(packet.EVENT, namespace=NAMESPACE, data=[event, payload]).encode()
    message = engine_packet.Packet(engine_packet.MESSAGE, text)
    frame = _frame(message.encode())
    size, lines = len(frame), _open
    left_out = frozenset(skip or ())
    for sid, engine_sid in server.manager.get_participants(NAMESPACE, to):
        if sid in left_out:
            continue
        line = lines.get(engine_sid)
        # Is anything before us? What was taken from the queue and is not written yet holds the lock.
        if line is None or line.waiting or line.lock.counter < 1:
            _queue(engine_sid, message, line)
            continue
        try:
            sent = line.send(frame)
        except OSError:
            # Full, or gone: the queue keeps the message, and its own green thread finds out which.
            _queue(engine_sid, message, line)
            continue
        if sent < size:
            line.lock.acquire()  # free, as was just seen: taken without a wait
            engine.start_background_task(_finish, line, frame[sent:])


def _queue(engine_sid: str, message: Any, line: Line | None) -> None:
    """Hand *message* to the library; who has let too many wait is cut off, and later asks for the rest."""
    socketio.server.eio.send_packet(engine_sid, message)
    if line is None and engine_sid in _moving and _moving[engine_sid].client.upgraded:
        line = _open[engine_sid] = _moving.pop(engine_sid)
    if line is not None and len(line.waiting) > MOST_WAITING:
        _hang_up(line.websocket)


def _finish(line: Line, rest: bytes) -> None:
    """Write the rest of a message that went out in part."""
    try:
        line.websocket.socket.sendall(rest)
    except OSError:
        # Half a message is out, so nothing sensible can follow it.
        _hang_up(line.websocket)
    finally:
        line.lock.release()


def _hang_up(websocket: Any) -> None:
    """End the connection below the library, which then cleans up as after any client that went away."""
    try:
        websocket.socket.fd.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already


def _frame(text: str) -> bytes:
    """One unmasked, whole text frame (RFC 6455 §5.2)."""
    data = text.encode()
    if len(data) < 126:
        return struct.pack("!BB", 0x81, len(data)) + data
    if len(data) < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, len(data)) + data
    return struct.pack("!BBQ", 0x81, 127, len(data)) + data
