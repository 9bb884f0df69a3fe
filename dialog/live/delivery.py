"""Delivery: read what a channel's viewers have not been sent yet, and send it.

The database is the truth: whatever changed is read from it, newer than what the channel last sent. So a
change made by another process, by the worker or on the command line reaches the viewers like one made here.
Changes that are committed while a delivery runs leave together with the next.
"""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

from ..db import UNAVAILABLE_ERRORS
from . import ports
from .schema import ActivityHead, Changes, ChatChanges, Head
from .sender import Sender
from .subscriptions import NO_PLACE, Batch, Channel, address_changes

#: Seconds between two messages while changes are gathered.
GATHER_SECONDS = 0.05
#: Largest number of cards in one message.
MAX_CARDS = 500


class Delivery:
    """Delivers the channels of one application, each in a background task while it is behind."""

    def __init__(self, app: Flask, socketio: SocketIO, sender: Sender) -> None:
        self._app, self._socketio, self._sender = app, socketio, sender

    def request(self, channel: Channel) -> None:
        """Deliver what was committed in the channel's meeting. Never waits."""
        channel.dirty = True
        if not channel.delivering:
            channel.delivering = True
            self._socketio.start_background_task(self._deliver, channel)

    def _deliver(self, channel: Channel) -> None:
        try:
            while channel.dirty and channel.viewers:
                self._socketio.sleep(0)  # acknowledgements that are ready leave first
                channel.dirty = False
                with self._app.app_context():
                    batch = self.deliver_batch(channel)
                channel.dirty = channel.dirty or batch.more
                if channel.is_busy(len(channel.viewers) * len(batch.changes), self._sender.calm_rate):
                    self._socketio.sleep(GATHER_SECONDS)
        except UNAVAILABLE_ERRORS as error:
            # The next heartbeat sees that this channel is behind.
            self._app.logger.warning("delivery waits for the database: %s", type(error).__name__)
        except Exception as error:
            self._app.logger.error("delivery failed", exc_info=error)
        finally:
            channel.delivering = False
        if channel.dirty and channel.viewers:
            self.request(channel)

    def deliver_batch(self, channel: Channel) -> Batch:
        """Read the next batch of changes, send it with whatever else is new, and return it."""
        batch = ports.read_changes(channel.meeting_id, channel.delivered, MAX_CARDS)
        send_to_meeting = self._sender.send_to_meeting
        if batch.stage != channel.stage:
            channel.stage = batch.stage
            send_to_meeting(channel.meeting_id, batch.stage)
        if batch.place_seq != channel.place_seq:
            channel.place_seq = batch.place_seq
            self._send_places(channel)
        if batch.act_seq != channel.act_seq:
            channel.act_seq = batch.act_seq
            send_to_meeting(channel.meeting_id, ActivityHead(batch.act_seq), ("staff",))
        if batch.epoch != channel.epoch:
            # A backup was restored: numbers begin with what it holds, and clients see the epoch in ``head``.
            channel.epoch, channel.delivered, channel.chat = batch.epoch, batch.to, batch.chat
            send_to_meeting(channel.meeting_id, Head(batch.to, batch.epoch, batch.chat))
            return batch
        if batch.to > channel.delivered:
            self._send_changes(channel, batch)
        if batch.chat > channel.chat:
            self._send_chat(channel, batch.chat)
        return batch

    def _send_places(self, channel: Channel) -> None:
        """Send its place to each device whose table or table message differs from what it was sent."""
        places = ports.read_places(channel.meeting_id)
        for sid, sent in list(channel.places.items()):
            viewer = channel.viewers.get(sid)
            place = places.get(viewer.person, NO_PLACE) if viewer else sent
            if place != sent:
                channel.places[sid] = place
                self._sender.send(place, sid)

    def _send_chat(self, channel: Channel, to: int) -> None:
        changes = ports.read_chat(channel.meeting_id, channel.chat, to)
        first, channel.chat = channel.chat + 1, to
        viewers = [viewer for viewer in channel.viewers.values() if viewer.kind != "display"]
        self._sender.send_all(
            address_changes(viewers, changes, lambda messages: ChatChanges(first, to, messages))
        )

    def _send_changes(self, channel: Channel, batch: Batch) -> None:
        if any(viewer.html for viewer in channel.viewers.values()):
            # Drawing reads the database, which may let other sockets in: it comes before viewers are listed.
            for change in batch.changes:
                change.draw()
        first = channel.delivered + 1
        # All messages are made before the first is sent: when a card cannot be drawn, nobody receives a part.
        messages = address_changes(
            list(channel.viewers.values()), batch.changes, lambda cards: Changes(first, batch.to, cards)
        )
        channel.delivered = batch.to
        self._sender.send_all(messages)
