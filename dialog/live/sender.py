"""Sending messages to rooms and sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_socketio import SocketIO

from .schema import Json
from .subscriptions import AddressedMessage, room

#: Deliveries a second up to which changes are sent one by one; above it they are gathered.
CALM_RATE = 40_000
#: Sends an event with its payload to a room or socket, except to these sids.
Broadcast = Callable[[str, Json, str, list[str] | None], None]


class Sender:
    """Sends the messages of one application, through the library unless told otherwise."""

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio
        self.broadcast: Broadcast = self.broadcast_through_library
        self.calm_rate = CALM_RATE

    def use(self, broadcast: Broadcast, calm_rate: int) -> None:
        """Send with *broadcast* from now on, for which *calm_rate* deliveries a second are few."""
        self.broadcast, self.calm_rate = broadcast, calm_rate

    def broadcast_through_library(self, event: str, payload: Json, to: str, skip: list[str] | None) -> None:
        self._socketio.emit(event, payload, to=to, skip_sid=skip)

    def send(self, message: Any, to: str, skip: list[str] | None = None) -> None:
        """Send *message* to the room or socket *to*, except to the sids in *skip*."""
        self.broadcast(message.event, message.payload(), to, skip)

    def send_all(self, messages: list[AddressedMessage]) -> None:
        for each in messages:
            self.send(each.message, each.to, each.skip)

    def send_to_meeting(
        self, meeting_id: int, message: Any, kinds: tuple[str, ...] = ("participant", "staff", "display")
    ) -> None:
        """Send *message* to all viewers of *kinds* at this meeting in this process."""
        for kind in kinds:
            for html in (False, True):
                self.send(message, room(meeting_id, kind, html))
