"""A websocket by hand, for clients that never read, break off or send rubbish."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from typing import Any

from tests.processes import PATIENCE

TEXT, CONTINUED, FINAL = 0x1, 0x0, 0x80


class RawSocket:
    """A connection to the live process. ``upgrade`` makes it a Socket.IO one."""

    def __init__(self, port: int, *, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def upgrade(self, auth: dict[str, Any]) -> RawSocket:
        """Do the handshakes of websocket, Engine.IO and Socket.IO."""
        key = base64.b64encode(os.urandom(16)).decode()
        self.send(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._until(b"\r\n\r\n")
        self.frame(b"40" + json.dumps(auth).encode())
        self._until(b'40{"sid"')
        return self

    def frame(self, data: bytes, opcode: int = TEXT, final: bool = True) -> None:
        """Send one frame with a mask of zeros: a mask is required, and this one costs nothing."""
        self.send(frame(data, opcode, final))

    def ended(self) -> bool:
        """Read until the server has closed it."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass
        return True

    def close(self) -> None:
        self.socket.close()

    def _until(self, mark: bytes) -> None:
        read = b""
        while mark not in read:
            more = self.socket.recv(4096)
            assert more, read
            read += more


class Reader(RawSocket):
    """A phone that reads only when the test asks it to, and keeps every byte."""

    got = b""

    def reads_to(self, seq: int) -> list[int]:
        """Read until change *seq* or until the server hangs up, and return the numbers of the changes."""
        while seq not in self.numbers():
            try:
                more = self.socket.recv(1 << 20)
            except ConnectionError:
                more = b""
            if not more:
                break
            self.got += more
        return self.numbers()

    def numbers(self) -> list[int]:
        """Return the numbers of the changes that it has read so far."""
        place = self.got.index(b"\r\n\r\n") + 4
        found: list[int] = []
        while len(self.got) - place >= 4:
            size, head = self.got[place + 1], 2
            if size > 125:
                head = 4 if size == 126 else 10
                size = int.from_bytes(self.got[place + 2 : place + head], "big")
            assert self.got[place] in (0x81, 0x88), "a frame begins in the middle of another"
            text = self.got[place + head : place + head + size]
            if len(text) < size:
                break
            if text.startswith(b'42["changes"'):
                changes: dict[str, Any] = json.loads(text[2:])[1]
                found += range(changes["from"], changes["to"] + 1)
            place += head + size
        return found

    def _until(self, mark: bytes) -> None:
        while mark not in self.got:
            more = self.socket.recv(4096)
            assert more, self.got
            self.got += more


def frame(data: bytes, opcode: int = TEXT, final: bool = True) -> bytes:
    size = len(data)
    first = opcode | (FINAL if final else 0)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + b"\0\0\0\0" + data
